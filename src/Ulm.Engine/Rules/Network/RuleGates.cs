using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules.Network;

/// <summary>The guards of one rule, compiled: whom it is about, and when it may fire.</summary>
internal sealed class RuleGates
{
    private readonly RuleGuards _guards;
    private readonly ClockWindow[] _during;
    private readonly Predicate? _unless;

    /// <param name="kind">Null: a scheduled rule, of which only <c>during</c> is asked here: the others bound the hosts its actions may touch.</param>
    public RuleGates(RuleGuards guards, SubjectKind? kind, ConditionCompiler compiler)
    {
        _guards = guards;
        _during = [.. guards.During.Select(compiler.Window)];
        if (kind is { } of && guards.Unless is { } unless) _unless = compiler.Compile(unless, of, null);
    }

    /// <summary>What makes a subject one of the rule's, as a condition; null: all of the kind are.</summary>
    public static Condition? ScopeOf(RuleGuards guards)
    {
        var cluster = guards.Cluster is { } name ? new Condition.Asks(SubjectKind.Cluster, new SubjectTest.InCluster(name), $"in cluster {name}") : null;
        return (cluster, guards.Where) switch
        {
            (null, var where) => where,
            (_, null) => cluster,
            var (_, where) => new Condition.And([cluster, where]),
        };
    }

    public bool DuringIsOpen
    {
        get
        {
            if (_during.Length == 0) return true;
            foreach (var window in _during) if (window.IsOpen) return true;
            return false;
        }
    }

    public bool Permit(in Match match) => DuringIsOpen && UnlessPermits(match);

    public bool UnlessPermits(in Match match) => _unless is null || _unless.Evaluate(match) == Truth.False;

    /// <summary>The same in words, for <paramref name="subject"/>.</summary>
    public IEnumerable<FoundGuard> Find(SubjectRef? subject, IFactSource facts)
    {
        var judge = new ConditionJudge(facts);
        if (subject is { } asked)
        {
            if (_guards.Cluster is { } cluster) yield return new FoundGuard.InCluster(cluster, facts.KeyOf(asked, SubjectKind.Cluster)?.Name == cluster);
            if (_guards.Where is { } where) yield return new FoundGuard.Where(judge.Judge(where, asked));
        }

        if (DuringIn(facts.LocalTime) is { } during) yield return during;
        if (subject is { } of && _guards.Unless is { } unless) yield return new FoundGuard.Unless(judge.Judge(unless, of));
    }

    /// <summary>Null: the rule has no such guard.</summary>
    public FoundGuard.During? DuringIn(DateTime local) => _guards.During.IsEmpty ? null : new FoundGuard.During(_guards.During, local, _guards.During.Any(w => w.Contains(local)));

    /// <summary>What would have to change for these guards to be open.</summary>
    public static IEnumerable<string> Needed(IEnumerable<FoundGuard> guards) => guards.Where(g => !g.Open).SelectMany(g => g switch
    {
        FoundGuard.Where where => NeededChanges.For(where.Finding),
        FoundGuard.Unless unless => NeededChanges.For(unless.Finding, toBe: false),
        FoundGuard.During during => [$"the time of day, {during.Local:HH:mm:ss}, would have to be within {string.Join(" or ", during.Windows.Select(w => w.Text))}"],
        FoundGuard.InCluster cluster => [$"the subject would have to be in cluster {cluster.Cluster}"],
        _ => ImmutableArray<string>.Empty,
    });
}
