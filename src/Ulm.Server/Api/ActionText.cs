using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;

namespace Ulm.Server.Api;

/// <summary>Actions in words, as a policy writes them, and in the fields that JSON has for them.</summary>
internal static class ActionText
{
    public static string Of(Rule rule) => string.Join(" and ", rule.Actions.Select(Of).Prepend(WhatTheTriggerDoes(rule.Trigger)).OfType<string>());

    public static string Of(PolicyAction action) => action switch
    {
        PolicyAction.Evacuate evacuate => $"evacuate heaviest {(evacuate.Fitting ? "fitting " : "")}vm by {Of(evacuate.By)}",
        PolicyAction.Balance balance => string.Create(CultureInfo.InvariantCulture, $"balance by {Of(balance.By)} to within {balance.TolerancePercent:0.##}%"),
        PolicyAction.Consolidate => "consolidate",
        PolicyAction.PowerOffIdle off => off.KeepSpare == 0 ? "power off idle hosts" : $"power off idle hosts keeping {off.KeepSpare} spare",
        PolicyAction.PowerOn on => $"power on {Words.Count(on.Count, "host")}",
        _ => throw new InvalidOperationException($"action {action.GetType().Name} has no words"),
    };

    /// <summary>Of a trigger that does something itself.</summary>
    private static string? WhatTheTriggerDoes(Trigger trigger) => trigger is Trigger.HaveOn have ? string.Create(CultureInfo.InvariantCulture, $"have {Words.Count(have.Count, "host")} on by {have.By:HH:mm}") : null;

    /// <summary><c>migrate</c>, <c>powerOff</c>, <c>powerOn</c>.</summary>
    public static string Kind(PlannedAction action) => action switch
    {
        PlannedAction.Migrate => "migrate",
        PlannedAction.PowerOff => "powerOff",
        PlannedAction.PowerOn => "powerOn",
        _ => throw new InvalidOperationException($"action {action.GetType().Name} has no name"),
    };

    /// <summary><c>vm/web1</c>, <c>host/h3</c>.</summary>
    public static string Subject(PlannedAction action) => action switch
    {
        PlannedAction.Migrate move => $"vm/{move.Vm}",
        _ => $"host/{HostOf(action)}",
    };

    /// <summary>The host that is switched; null for a move.</summary>
    public static string? HostOf(PlannedAction action) => action switch
    {
        PlannedAction.PowerOff off => off.Host,
        PlannedAction.PowerOn on => on.Host,
        _ => null,
    };

    private static string Of(Resource resource) => resource == Resource.Cpu ? "cpu" : "memory";
}
