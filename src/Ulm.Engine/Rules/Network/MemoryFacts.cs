using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Network;

/// <summary>Working memory as those see it who judge a condition part by part, to explain it.</summary>
/// <param name="ignoreBefore">Readings that rest on anything captured earlier are shown as unknown.</param>
internal sealed class MemoryFacts(WorkingMemory memory, DateTimeOffset at, DateTime local, DateTimeOffset ignoreBefore) : IFactSource
{
    private static readonly Reading TooEarly = Reading.Unknown("not measured since the last action ended");

    public DateTimeOffset At => at;

    public DateTime LocalTime => local;

    public Reading Read(SubjectRef subject, Fact fact)
    {
        if (memory.Table(subject.Kind).FindColumn(fact) is not { } column || memory.Table(subject.Kind).FindRow(subject.Name) is not { } row) return Freshness.NotMeasured;
        var reading = column.Values[row];
        return reading.IsKnown && reading.Since < ignoreBefore ? TooEarly : reading;
    }

    public SubjectRef? KeyOf(SubjectRef subject, SubjectKind kind) => memory.KeyOf(subject, kind);

    public IEnumerable<SubjectRef> MembersOf(string cluster, SubjectKind kind) => memory.Table(SubjectKind.Cluster).FindRow(cluster) is { } row
        ? memory.MembersOf(row, kind).Select(m => memory.SubjectOf(kind, m)).OrderBy(m => m.Name, StringComparer.Ordinal)
        : [];
}
