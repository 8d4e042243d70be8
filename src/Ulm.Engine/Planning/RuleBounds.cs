using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning;

/// <summary>
/// Which hosts a decision may touch. One about a host, VM or cluster stays within that cluster; one of a schedule within its rule's guards:
/// hosts of another cluster, for which <c>where</c> does not surely hold, or <c>unless</c> is not surely false, are left alone.
/// </summary>
internal static class RuleBounds
{
    /// <summary>Of a scheduled rule, before it has decided anything.</summary>
    public static ImmutableHashSet<string> Outside(Rule rule, SiteFacts facts) => Outside(new Decision("", rule, null, facts.At, ""), facts);

    public static ImmutableHashSet<string> Outside(Decision decision, SiteFacts facts)
    {
        var guards = decision.Rule.Guards;
        var cluster = ClusterOf(decision, facts.Site) ?? guards.Cluster;
        var scheduled = decision.Subject is null;
        if (cluster is null && (!scheduled || (guards.Where is null && guards.Unless is null))) return [];
        var evaluator = new ConditionEvaluator(facts);
        return [.. facts.Site.Hosts.Where(h => (cluster is not null && h.Cluster != cluster) || (scheduled && !Permits(h))).Select(h => h.Name)];

        bool Permits(Host host) =>
            (guards.Where is null || evaluator.Evaluate(guards.Where, host.Ref) == Truth.True)
            && (guards.Unless is null || evaluator.Evaluate(guards.Unless, host.Ref) == Truth.False);
    }

    private static string? ClusterOf(Decision decision, Site site) => decision.Subject switch
    {
        { Kind: SubjectKind.Cluster } cluster => cluster.Name,
        { } => decision.HostOf(site) is { } host ? site.FindHost(host)?.Cluster : null,
        null => null,
    };
}
