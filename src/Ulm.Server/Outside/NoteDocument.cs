using System.Text.Json;
using System.Text.Json.Serialization;
using Ulm.Engine.Actions;
using Ulm.Server.Commands;

namespace Ulm.Server.Outside;

/// <summary>What hooks and webhooks get: one JSON object.</summary>
internal sealed record NoteDocument(
    string Schema,
    string At,
    string Decision,
    string Rule,
    string? Subject,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Of(DecisionNote note, string? text = null) =>
        JsonSerializer.Serialize(new NoteDocument("ulm.note/1", TimeText.Utc(note.At), note.Decision, note.Rule, note.Subject?.ToString(), note.Reason, text), Options);
}
