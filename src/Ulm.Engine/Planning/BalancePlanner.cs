using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Search;

namespace Ulm.Engine.Planning;

/// <summary>
/// Evens out the hosts of each cluster by local search. With a tolerance: until the fullest and the emptiest differ by no more, with as little
/// memory copied as it finds. Thorough: once they differ by more than the tolerance, all resources are evened out, as far as a move is
/// worth its copying. No VM has to move twice, unless it is parked on the way.
/// </summary>
public static class BalancePlanner
{
    /// <summary>The places of the band around the even share that are tried, as parts of the tolerance that lie above it: the outliers may all be on one side.</summary>
    private static readonly ImmutableArray<double> Bands = [0.5, 0.35, 0.65, 0.2, 0.8];

    /// <summary>The same for the thorough search. One VM can be so busy that its host lies above a band around the mean, with nothing that could be taken from it.</summary>
    private static readonly ImmutableArray<double> ThoroughBands = [0.5, 0.8, 0.2];

    /// <summary>Points of host share that copying one host's memory must bring to the thorough search.</summary>
    private const double WorthItsCopying = 0.5;

    public static Proposal Plan(Placement placement, PolicyAction.Balance action, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var cluster in placement.Site.Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal))
        {
            var (hosts, unknown) = Hosts(placement, cluster, context);
            if (unknown.Count > 0 && hosts.Count + unknown.Count > 1) refused.Add(context.Refuse(RefusalCode.DataUnknown, $"cluster/{cluster}", [.. unknown.Select(h => LeftOut(placement, h))]));
            if (hosts.Count < 2 || !IsUneven(placement, hosts, action)) continue;
            var moves = Search(placement, hosts, action, context);
            var (after, ordered) = MoveSequence.Of(placement, moves, context);
            // Of moves that belong together some may have found no order: half a plan must not be worse than none.
            if (Gap(after, hosts, action.By) <= Math.Max(action.TolerancePercent, Gap(placement, hosts, action.By)))
            {
                actions.AddRange(ordered);
                placement = after;
            }

            if (Gap(placement, hosts, action.By) > action.TolerancePercent) refused.Add(Refuse(placement, cluster, hosts, action, context));
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    /// <returns>Those that are evened out, and those of which nobody knows how loaded they are.</returns>
    private static (List<Host> Known, List<Host> Unknown) Hosts(Placement placement, string cluster, PlanningContext context)
    {
        var on = placement.Site.Hosts.Where(h => h.Cluster == cluster && h.State == HostState.On && !context.LeavesAlone(h)).ToLookup(h => placement.CpuIsKnownAt(placement.IndexOf(h)));
        return ([.. on[true]], [.. on[false]]);
    }

    private static string LeftOut(Placement placement, Host host) => $"balanced without {host.Name}: its CPU use is unknown: {placement.MeasuredCpu(host).UnknownBecause}";

    private static bool IsUneven(Placement placement, List<Host> hosts, PolicyAction.Balance action) =>
        Gap(placement, hosts, action.By) > action.TolerancePercent
        || (action.Thorough && (Gap(placement, hosts, Resource.Cpu) > action.TolerancePercent || Gap(placement, hosts, Resource.Memory) > action.TolerancePercent));

    private static double Gap(Placement placement, List<Host> hosts, Resource by) =>
        hosts.Max(h => placement.Percent(h, by)) - hosts.Min(h => placement.Percent(h, by));

    private static IEnumerable<PlannedAction.Migrate> Search(Placement placement, List<Host> hosts, PolicyAction.Balance action, PlanningContext context)
    {
        var tolerance = action.TolerancePercent / 100;
        var goal = new BalanceGoal(Spread.Lane(action.By), Middle: 0, tolerance / 2, EvensAll: false, FirstPrice: 4, LastPrice: 0.001);
        if (action.Thorough) goal = goal with { EvensAll = true, FirstPrice = 16 * WorthItsCopying, LastPrice = WorthItsCopying };
        Draft? best = null;
        var (least, leastCopied) = (double.PositiveInfinity, double.PositiveInfinity);
        foreach (var above in action.Thorough ? ThoroughBands : Bands)
        {
            var draft = new Draft(placement, hosts.Select(placement.IndexOf), MayMove, context);
            var search = new BalanceSearch(draft, goal with { Middle = tolerance * (above - 0.5) });
            search.Run();
            if (search.Outside > least || (search.Outside == least && search.Copied >= leastCopied)) continue;
            (best, least, leastCopied) = (draft, search.Outside, search.Copied);
            // Evening out leaves few hosts near the edge of the band: another one would hardly copy less.
            if (action.Thorough && least == 0) break;
        }

        return best!.Moves().OrderByDescending(m => placement.Percent(placement.Site.Host(m.From), action.By)).ThenBy(m => m.Vm, StringComparer.Ordinal);

        bool MayMove(Vm vm) => PlacementFilters.ForVm(placement, vm) is null && MoveRest.Of(placement, vm) is null;
    }

    private static Refusal Refuse(Placement placement, string cluster, List<Host> hosts, PolicyAction.Balance action, PlanningContext context)
    {
        var full = hosts.MaxBy(h => placement.Percent(h, action.By))!;
        var empty = hosts.MinBy(h => placement.Percent(h, action.By))!;
        return context.Refuse(
            RefusalCode.NothingToGain, $"cluster/{cluster}",
            $"{full.Name} {Show.Percent(placement.Percent(full, action.By))} and {empty.Name} {Show.Percent(placement.Percent(empty, action.By))} " +
            $"differ by more than {Show.Percent(action.TolerancePercent)}, but no VM that may move brings them closer");
    }
}
