using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Lints;

/// <summary>Two sentences that give one limit different numbers: ULM does not guess which of them is out of date.</summary>
internal sealed class TwoLimitsLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var first = new Dictionary<string, (double Number, BoundConstraint Bound)>(StringComparer.Ordinal);
        foreach (var bound in site.Constraints)
        {
            foreach (var (what, number) in Limits(bound.Constraint))
            {
                if (!first.TryAdd(what, (number, bound)) && first[what].Number != number)
                {
                    yield return ConstraintDiagnostics.TwoLimits(bound.Place, what, first[what].Bound.Place);
                    break;
                }
            }
        }
    }

    private static IEnumerable<(string What, double Number)> Limits(StandingConstraint constraint)
    {
        switch (constraint)
        {
            case StandingConstraint.ReserveHosts reserve:
                yield return ($"hosts in reserve{In(reserve.Cluster)}", reserve.Count);
                break;
            case StandingConstraint.ReserveShare reserve:
                yield return ($"{(reserve.Of == Resource.Cpu ? "CPU" : "memory")} in reserve{In(reserve.Cluster)}", reserve.Percent);
                break;
            case StandingConstraint.LimitMigrations limit:
                if (limit.PerHost is { } perHost)
                    yield return ("migrations per host", perHost);
                if (limit.InTotal is { } total)
                    yield return ("migrations in total", total);
                break;
            case StandingConstraint.MigrationBudget budget:
                yield return ($"migrations within {WrittenDuration.Of(budget.Per)}", budget.Count);
                break;
            case StandingConstraint.PowerCycleBudget budget:
                yield return ($"power cycles within {WrittenDuration.Of(budget.Per)}", budget.Count);
                break;
            case StandingConstraint.VmCooldown pause:
                yield return ("the cooldown of VMs", pause.Duration.TotalSeconds);
                break;
            case StandingConstraint.OvercommitCpu overcommit:
                yield return ("the overcommitment of CPUs", overcommit.Factor);
                break;
        }
    }

    private static string In(string? cluster) => cluster is null ? "" : $" in cluster {Quote.Code(cluster)}";
}
