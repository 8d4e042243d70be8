using Ulm.Dsl.Policies;

namespace Ulm.Engine.Decisions;

/// <summary>How soon what a decision wants has to begin where more waits than may run at a time. Of two that wait, the later named here begins first.</summary>
public enum Urgency
{
    /// <summary>VMs are spread or packed better; nobody suffers while it waits.</summary>
    Balance,

    /// <summary>A rule wants something cured.</summary>
    Rule,

    /// <summary>What was promised is broken, or a person waits for it.</summary>
    Repair,

    /// <summary>A host has to be empty.</summary>
    Drain,
}

/// <summary>The one place where it is decided how urgent something is.</summary>
internal static class Urgencies
{
    public static Urgency Of(Decision decision) => decision.Upkeep ?? (decision.Ordered is { } order ? Of(order) : Of(decision.Rule));

    private static Urgency Of(ManualOrder order) => order is ManualOrder.Drain or ManualOrder.Maintenance or ManualOrder.PowerOff ? Urgency.Drain : Urgency.Repair;

    /// <summary>As its most urgent action that moves VMs.</summary>
    private static Urgency Of(Rule rule) => rule.Actions.Select(Of).DefaultIfEmpty(Urgency.Rule).Max();

    private static Urgency Of(PolicyAction action) => action switch
    {
        PolicyAction.Drain or PolicyAction.EnterMaintenance or PolicyAction.ShutDown => Urgency.Drain,
        PolicyAction.Evacuate or PolicyAction.MigrateVm => Urgency.Rule,
        _ => Urgency.Balance,
    };
}
