using System.Globalization;
using System.Text.Json;

namespace Ulm.Server.Snapshots;

/// <summary>A JSON value that knows where it stood, for faults that name their place.</summary>
internal sealed class JsonNode(JsonTokenType kind, long offset, JsonNode? parent, string step)
{
    /// <summary>Shared by all values that have nothing in them; nobody adds to it.</summary>
    private static readonly List<JsonNode> None = [];

    /// <summary>Of an object, in the order of the file; a name may stand twice.</summary>
    public List<JsonNode> Fields { get; } = kind == JsonTokenType.StartObject ? [] : None;

    public List<JsonNode> Items { get; } = kind == JsonTokenType.StartArray ? [] : None;

    /// <summary><see cref="JsonTokenType.StartObject"/> for objects, <see cref="JsonTokenType.StartArray"/> for lists, else the value's own.</summary>
    public JsonTokenType Kind => kind;

    /// <summary>Bytes from the beginning of the file.</summary>
    public long Offset => offset;

    public string Name => step;

    /// <summary>Of a text; null where it can't be decoded.</summary>
    public string? Text { get; private set; }

    public double Number { get; private set; }

    /// <summary>As it stands in the file, shortened.</summary>
    public string Shown { get; private set; } = "";

    /// <summary>The step of a whole document, which is not part of the paths in it.</summary>
    public const string Document = "$";

    public string Path => parent is null or { Name: Document } ? step : step.StartsWith('[') ? parent.Path + step : $"{parent.Path}.{step}";

    /// <summary>Reads the value the reader stands on, with all that is in it.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode Read(ref Utf8JsonReader reader, JsonNode? parent, string step)
    {
        var node = new JsonNode(reader.TokenType, reader.TokenStartIndex, parent, step);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = TextOf(ref reader) ?? "?";
                    reader.Read();
                    node.Fields.Add(Read(ref reader, node, name));
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) node.Items.Add(Read(ref reader, node, $"[{node.Items.Count}]"));
                break;
            case JsonTokenType.String:
                node.Text = TextOf(ref reader);
                node.Shown = node.Text is null ? "text that can't be decoded" : $"\"{Shorten(node.Text)}\"";
                break;
            case JsonTokenType.Number:
                node.Shown = Shorten(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
                node.Number = double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
                break;
            default:
                node.Shown = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }

        return node;
    }

    /// <summary>Null for an escape of half a character.</summary>
    public static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public string KindInWords => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String when Text is not null => $"the text {Shown}",
        JsonTokenType.Null => "null",
        _ => Shown,
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
