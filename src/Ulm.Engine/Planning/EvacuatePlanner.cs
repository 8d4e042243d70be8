using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Marks;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning;

/// <summary>
/// The project's first algorithm: of a host above the mark, the VM that uses most, to the host with most room, if it fits anywhere;
/// with <c>fitting</c> else the second, and so on. One call makes one move, or as many as the rule says: the next is decided on metrics
/// measured after it. VMs that are kept together count and go as one.
/// </summary>
public static class EvacuatePlanner
{
    /// <summary>A VM that takes less of its host than this, in percentage points, would not be felt: moving it is pointless.</summary>
    public const double LeastGain = 1;

    private const int HostsNamedPerVm = 5;

    public static Proposal Plan(Placement placement, Host host, PolicyAction.Evacuate action, PlanningContext context)
    {
        if (host.State != HostState.On) return Refuse(RefusalCode.HostNotOn, $"host {host.Name} is {SiteFacts.Describe(host.State)}");
        var candidates = Candidates(placement, host, action);
        if (candidates.Count == 0) return Refuse(RefusalCode.NothingToGain, $"host {host.Name} runs no VM: the load is its own");

        if (context.Shedding.Filled.Contains(host.Name))
            return Refuse(RefusalCode.BeingActedOn, $"host {host.Name} takes a VM by another decision of this rule: what it is to shed is decided on what is measured then");

        var (after, moves, why) = (placement, new List<PlannedAction>(), ImmutableArray.CreateBuilder<string>());
        var open = OpenTo(placement, action, context);
        var hasTooMuch = new RuleMarks(context.Rule).Hold(placement, placement.IndexOf(host), -1);
        var inVain = !hasTooMuch && context.Rule.Trigger is Trigger.When { Subject: SubjectKind.Vm } ? context.Rule : null;
        var resting = candidates.Where(vm => MoveRest.Of(placement, vm, inVain) is not null && PlacementFilters.ForVm(placement, vm) is null).ToList();
        var done = 0;
        Take([.. candidates.Except(resting)]);
        // What rests is moved on only where that relieves a host that has too much, and nothing else does: each such move leaves less to do.
        if (moves.Count == 0 && resting.Count > 0 && (action.Fitting || resting.Count == candidates.Count))
        {
            if (hasTooMuch) Take(resting);
            else why.AddRange(resting.Select(vm => $"vm {vm.Name} {MoveRest.Why(MoveRest.Of(placement, vm, inVain)!, placement.Facts)}"));
        }

        var allRest = resting.Count > 0 && why.Count == resting.Count && resting.Count == candidates.Count;
        return moves.Count == 0 ? Refuse(allRest ? RefusalCode.MovedLately : RefusalCode.NoHostFits, [.. why]) : new Proposal(after, [.. moves], []);

        void Take(List<Vm> vms)
        {
            foreach (var vm in vms)
            {
                if (done == action.Count) return;
                if (after.HostOf(vm).Name != host.Name) continue;
                var (target, reason) = Target(after, vm, host, action, context, open);
                if (target is null)
                {
                    why.Add($"vm {vm.Name}: {reason}");
                    if (!action.Fitting) return;
                    continue;
                }

                var unit = UnitMoves.Try(after, vm, target, Eased(context));
                after = unit.After;
                var although = MoveRest.Of(placement, vm) is { } rest ? $"{vm.Name} {MoveRest.Moved(rest.From, placement.Facts)}, and goes on as no other VM of {host.Name} can" : null;
                moves.AddRange(unit.Moves.Select(m => m with { Although = although }));
                done++;
            }
        }

        Proposal Refuse(RefusalCode code, params ReadOnlySpan<string> reasons) =>
            Proposal.Nothing(placement, context.Refuse(code, host.Ref.ToString(), reasons));
    }

    /// <summary>VMs in the order in which they are tried; those whose use is unknown come last.</summary>
    private static List<Vm> Candidates(Placement placement, Host host, PolicyAction.Evacuate action)
    {
        var known = placement.VmsOn(host).Select(vm => (Vm: vm, Share: Load(placement, vm, host, action.By))).ToList();
        var ordered = action.Order == VmOrder.Heaviest
            ? known.OrderByDescending(x => double.IsFinite(x.Share) ? x.Share : -1)
            // The lightest that is felt: what takes next to nothing would be moved for ever, and nothing would come of it.
            : known.OrderBy(x => double.IsFinite(x.Share) ? (x.Share < LeastGain && action.By != Resource.Network ? double.MaxValue : x.Share) : double.PositiveInfinity);
        return [.. ordered.ThenBy(x => x.Vm.Name, StringComparer.Ordinal).Select(x => x.Vm)];
    }

    /// <summary>Per cent of the host; by network, bytes per second. NaN: unknown.</summary>
    private static double Load(Placement placement, Vm vm, Host host, Resource by) => by == Resource.Network
        ? placement.Facts.Read(vm.Ref, PolicyAttribute.VmNetIn).Value + placement.Facts.Read(vm.Ref, PolicyAttribute.VmNetOut).Value
        : placement.ShareOf(vm, host, by);

    /// <summary>Hosts that the rule lets VMs go to: none of those that it empties in this look, nor such as it would empty by what holds there now, unless that ends by being filled.</summary>
    private static Func<Host, bool> OpenTo(Placement placement, PolicyAction.Evacuate action, PlanningContext context)
    {
        var (evaluator, fills) = (new ConditionEvaluator(placement.Facts), new RuleMarks(context.Rule).AreLeft);
        return h => !context.LeavesAlone(h) && !context.Shedding.Sources.Contains(h.Name)
            && (action.ToHostsWhere is not { } where || evaluator.Evaluate(where, h.Ref) == Truth.True)
            && (fills || !evaluator.ActsOn(context.Rule, h.Ref));
    }

    private static (Host? Target, string Reason) Target(
        Placement placement, Vm vm, Host source, PolicyAction.Evacuate action, PlanningContext context, Func<Host, bool> open)
    {
        if (PlacementFilters.ForVm(placement, vm) is { } vmObstacle) return (null, vmObstacle.Reason);
        var share = Load(placement, vm, source, action.By);
        if (action.By == Resource.Network)
        {
            if (!double.IsFinite(share)) return (null, $"its network use is unknown: {placement.Facts.Read(vm.Ref, PolicyAttribute.VmNetIn).UnknownBecause}");
            if (share <= 0) return (null, "uses no network: moving it would not be felt");
        }
        else if (share < LeastGain)
            return (null, $"takes {Show.Percent(share)} of {source.Name}, less than {Show.Percent(LeastGain)}: moving it would not be felt");

        bool Takes(Host host) => open(host) && !MoveRest.HasLeft(placement.Facts, vm, host);
        // Where another rule acts on the source as well, a host on which it would act for less is better than none.
        var least = context.Limits.CanEase(placement, placement.IndexOf(source)) ? Eased(context) : context.Limits;
        var best = Best(context.Limits) ?? (least == context.Limits ? null : Best(least));
        return best is not null ? (best, "") : (null, WhyNone(placement, vm, source, context, least, open));

        Host? Best(PlacementLimits limits) => TargetScores.Best(placement, vm, action.By, action.To, limits, Takes);
    }

    private static string WhyNone(Placement placement, Vm vm, Host source, PlanningContext context, PlacementLimits limits, Func<Host, bool> open)
    {
        var others = placement.Site.Hosts.Where(h => h.Name != source.Name && !context.LeavesAlone(h)).ToList();
        if (others.Count == 0) return "there is no other host";
        var named = others.Take(HostsNamedPerVm).Select(h => $"{h.Name} {Against(h)}");
        var more = others.Count > HostsNamedPerVm ? $"; and {others.Count - HostsNamedPerVm} more hosts" : "";
        return string.Join("; ", named) + more;

        string Against(Host host) => context.Shedding.Sources.Contains(host.Name) ? "is to shed VMs by the same rule"
            : !open(host) ? "is none of the hosts that the rule lets VMs go to"
            : MoveRest.LeftAt(placement.Facts, vm, host) is { } left ? MoveRest.WhyNotBack(left, placement.Facts)
            : (PlacementFilters.ForTarget(placement, vm, host, limits, asGroup: true) ?? UnitMoves.Try(placement, vm, host, limits).Why)!.Reason;
    }

    private static PlacementLimits Eased(PlanningContext context) => context.Limits with { EasingIsEnough = true };
}
