using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Marks;

namespace Ulm.Engine.Planning;

/// <summary>What a rule does with hosts in one look, so that its decisions do not fill for one another what they are to empty.</summary>
/// <param name="Sources">Hosts that take nothing of one another.</param>
/// <param name="Filled">Hosts that have taken something: whether they are still to be emptied is seen once it is measured.</param>
public sealed record SheddingHosts(ImmutableHashSet<string> Sources, ImmutableHashSet<string> Filled)
{
    public static readonly SheddingHosts None = new([], []);

    /// <summary>All that a rule fires for; of one that hosts come out of by being filled, those that it has taken something from so far.</summary>
    internal static SheddingHosts Of(Rule rule, ImmutableHashSet<string> firedFor, IEnumerable<PlannedAction.Migrate> soFar)
    {
        if (!new RuleMarks(rule).AreLeft) return new SheddingHosts(firedFor, []);
        var moves = soFar.ToList();
        return new SheddingHosts([.. moves.Select(m => m.From)], [.. moves.Select(m => m.To)]);
    }

    /// <summary>The hosts that each rule evacuates in one look, by its name.</summary>
    internal static Dictionary<string, ImmutableHashSet<string>> FiredFor(IEnumerable<Decision> decisions, Site site) => decisions
        .Where(d => d.Rule.Actions.Any(a => a is PolicyAction.Evacuate))
        .GroupBy(d => d.Rule.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Select(d => d.HostOf(site)).OfType<string>().ToImmutableHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
}
