using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>What a planner found for one action of a decision: the placement it leads to, what to do, what it refused.</summary>
public sealed record Proposal(Placement After, ImmutableArray<PlannedAction> Actions, ImmutableArray<Refusal> Refused)
{
    public static Proposal Nothing(Placement placement, params ReadOnlySpan<Refusal> refused) => new(placement, [], [.. refused]);
}

/// <summary>What every planner gets beside the placement.</summary>
/// <param name="Rule">The rule that asks, for refusals.</param>
/// <param name="Limits">How full a move may make a host, for this rule.</param>
/// <param name="Claimed">Hosts to leave alone: those that earlier decisions of this look switch, and those outside of the rule's guards.</param>
public sealed record PlanningContext(Rule Rule, PlacementLimits Limits, ImmutableHashSet<string> Claimed)
{
    /// <summary>Of <see cref="Claimed"/> those that earlier decisions switch.</summary>
    public ImmutableHashSet<string> Switched { get; init; } = Claimed;

    /// <summary>Hosts that decisions of this look close, whichever comes first: nothing is moved there to be moved on a moment later.</summary>
    public ImmutableHashSet<string> Closing { get; init; } = [];

    /// <summary>True: no VM is sent there, and it is not emptied or powered off for this decision's own sake.</summary>
    public bool LeavesAlone(Host host) => Claimed.Contains(host.Name) || Closing.Contains(host.Name);

    /// <summary>Whether it pays to have a host off. Null: it is not the rule's aim.</summary>
    public SwitchingEconomics? Economics { get; init; }

    /// <summary>Where else a VM may go whose target can't take it; null: nowhere.</summary>
    public OtherTargets? Elsewhere { get; init; }

    /// <summary>What the rule's decisions of this look do with hosts.</summary>
    public SheddingHosts Shedding { get; init; } = SheddingHosts.None;

    /// <summary>Asked where the plain search finds no packing. Null: nobody is.</summary>
    public IPackingSolver? Solver { get; init; }

    /// <summary><c>consolidate to at least N hosts</c>: so many hosts of each cluster go on running VMs, and stay on. Null: no such floor.</summary>
    public int? AtLeastHosts => Rule.Actions.OfType<PolicyAction.Consolidate>().Max(c => c.ToAtLeastHosts);

    public Refusal Refuse(RefusalCode code, string subject, params ReadOnlySpan<string> why) => new(code, Rule.Name, subject, [.. why]);
}
