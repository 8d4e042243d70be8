using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary><c>always keep</c> sentences that disagree about one cluster, or of which one makes no difference.</summary>
internal sealed class AlwaysKeepLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var first = new Dictionary<string, (StandingConstraint.AlwaysKeepHostsOn Keep, BoundConstraint Bound)>(StringComparer.Ordinal);
        foreach (var bound in site.Constraints)
        {
            if (bound.Constraint is not StandingConstraint.AlwaysKeepHostsOn keep)
                continue;
            // No cluster has an empty name, so it can stand for "in each cluster".
            if (!first.TryAdd(keep.Cluster ?? "", (keep, bound)) && first[keep.Cluster ?? ""].Keep.Count != keep.Count)
            {
                var where = keep.Cluster is null ? "every cluster" : $"cluster {Quote.Code(keep.Cluster)}";
                yield return SafetyDiagnostics.ContradictoryKeep(bound.Place, where, first[keep.Cluster ?? ""].Bound.Place);
            }
        }
        if (!first.TryGetValue("", out var general))
            yield break;
        foreach (var (keep, bound) in first.Values)
        {
            if (keep.Cluster is not null && keep.Count <= general.Keep.Count)
                yield return SafetyDiagnostics.WeakerKeep(bound.Place, keep.Cluster, general.Bound.Place);
        }
    }
}
