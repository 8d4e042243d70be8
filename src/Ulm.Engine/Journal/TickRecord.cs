using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Journal;

/// <summary>All that one look decided on, so that it can be taken again: kept of looks that decided something.</summary>
/// <param name="Sequence">The last entry of the journal before it: what was begun until then counts towards budgets.</param>
/// <param name="Policies">The hash of the policies in force.</param>
/// <param name="Holds">The rules' state right before.</param>
/// <param name="Due">Scheduled rules that had come due.</param>
/// <param name="GoingOn">Decisions of which one thing is done after another.</param>
/// <param name="DecidedAlready">Decisions that an earlier look at the same instant had made.</param>
public sealed record TickRecord(
    long Sequence, string Policies, RuleMode ServerMode, double CpuLimit, double MemoryLimit, FactsRecord Facts,
    ImmutableArray<SavedHold> Holds, ImmutableArray<ScheduleEvent> Due, ImmutableArray<TickRecord.Going> GoingOn, int DecidedAlready)
{
    public sealed record Going(string Id, string Rule, SubjectRef? Subject, DateTimeOffset At, string Reason, RuleMode Mode);

    public byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest)) JsonSerializer.Serialize(zip, this);
        return packed.ToArray();
    }

    /// <exception cref="JsonException">It was written by another version, or is damaged.</exception>
    public static TickRecord Unpack(byte[] packed)
    {
        using var zip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<TickRecord>(zip)!;
    }
}
