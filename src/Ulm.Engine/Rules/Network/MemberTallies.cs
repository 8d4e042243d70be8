using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>
/// What <c>any host (..)</c>, <c>all hosts (..)</c> and <c>count of hosts (..)</c> rest on: an inner condition, judged for each member once it
/// changes, and summed up by cluster. Those who ask are marked only where the sum comes out differently for them.
/// </summary>
internal sealed class MemberTallies(WorkingMemory memory, SubjectKind over) : Reader(over)
{
    private const sbyte NotCounted = 2;

    private readonly List<(Reader Reader, Quantifier? Quantifier)> _askers = [];
    private readonly List<(sbyte Verdict, int Cluster)> _members = [];
    private readonly List<Tally> _now = [];
    private readonly List<Tally?> _told = [];
    private readonly RowSet _changed = new();
    private readonly Dictionary<(int Cluster, long IgnoreBefore), Tally> _later = [];

    /// <summary>The inner condition. Set once, right after it was compiled with this as its reader.</summary>
    public Predicate Inner { get; set; } = null!;

    /// <param name="quantifier">Null: who counts.</param>
    public void AddAsker(Reader asker, Quantifier? quantifier) => _askers.Add((asker, quantifier));

    /// <summary>The sum for a cluster, as of the last <see cref="Settle"/>.</summary>
    public Tally Of(int cluster, long ignoreBefore)
    {
        if (ignoreBefore == 0) return cluster < _now.Count ? _now[cluster] : default;
        // For one who counts only what was measured after his last action every member is judged by that. Few do, and not for long.
        if (_later.TryGetValue((cluster, ignoreBefore), out var known)) return known;
        var tally = default(Tally);
        foreach (var row in memory.MembersOf(cluster, Kind)) tally = tally.Plus(Inner.Evaluate(memory.MatchOf(Kind, row, ignoreBefore)));
        _later.Add((cluster, ignoreBefore), tally);
        return tally;
    }

    /// <summary>Judges the members that changed, and marks those who ask about their clusters.</summary>
    public void Settle()
    {
        _later.Clear();
        Marked.Add(memory.Fresh(Kind));
        var visit = memory.Visit;
        visit.Clear();
        Marked.DrainTo(visit);
        foreach (var row in visit)
        {
            var match = memory.MatchOf(Kind, row);
            var verdict = Inner.Evaluate(match);
            while (_members.Count <= row) _members.Add((NotCounted, -1));
            if (_members[row] == ((sbyte)verdict, match.Cluster)) continue;
            Uncount(row);
            _members[row] = ((sbyte)verdict, match.Cluster);
            Count(match.Cluster, verdict, 1);
        }

        visit.Clear();
        _changed.DrainTo(visit);
        foreach (var cluster in visit) Tell(cluster);
    }

    public override void Forget(int row)
    {
        Marked.Remove(row);
        if (row < _members.Count) Uncount(row);
    }

    /// <summary>The cluster of this row is gone: the next one in it is another.</summary>
    public void ForgetCluster(int cluster)
    {
        if (cluster < _told.Count) _told[cluster] = null;
        _changed.Remove(cluster);
    }

    private void Uncount(int row)
    {
        var (verdict, cluster) = _members[row];
        if (verdict == NotCounted) return;
        _members[row] = (NotCounted, -1);
        Count(cluster, (Truth)verdict, -1);
    }

    private void Count(int cluster, Truth verdict, int sign)
    {
        while (_now.Count <= cluster) _now.Add(default);
        _now[cluster] = _now[cluster].Plus(verdict, sign);
        _changed.Add(cluster);
    }

    private void Tell(int cluster)
    {
        while (_told.Count <= cluster) _told.Add(null);
        var (before, now) = (_told[cluster], _now[cluster]);
        _told[cluster] = now;
        foreach (var (reader, quantifier) in _askers)
        {
            if (before is { } told && (quantifier is { } q ? told.Of(q) == now.Of(q) : told.CountsAs(now))) continue;
            memory.Mark(reader, SubjectKind.Cluster, cluster);
        }
    }
}
