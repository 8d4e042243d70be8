using System.Globalization;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;

namespace Ulm.Server.Api;

/// <summary>Actions in words, as a policy writes them, and in the fields that JSON has for them.</summary>
internal static class ActionText
{
    public static string Of(Rule rule) => string.Join(" and ", rule.Actions.Select(Of).Prepend(WhatTheTriggerDoes(rule.Trigger)).OfType<string>());

    public static string Of(PolicyAction action) => action switch
    {
        PolicyAction.Evacuate evacuate => Evacuate(evacuate),
        PolicyAction.Drain drain => drain.Host is { } host ? $"drain host {Name(host)}" : "drain host",
        PolicyAction.Balance { Thorough: true } => "balance",
        PolicyAction.Balance balance => $"balance by {Of(balance.By)} to within {Percent(balance.TolerancePercent)}",
        PolicyAction.Consolidate consolidate => Consolidate(consolidate),
        PolicyAction.PowerOffIdle off => "power off idle hosts" + Keeping(off.KeepSpare),
        PolicyAction.SuspendIdle suspend => "suspend idle hosts" + Keeping(suspend.KeepSpare),
        PolicyAction.PowerOn on => $"power on {Words.Count(on.Count, "host")}",
        PolicyAction.PowerOnUntil on => $"power on hosts until {ConditionText.Of(on.Until)}",
        PolicyAction.ShutDown down => $"shut down host {Name(down.Host)}" + (down.For is { } time ? $" for {WrittenDuration.Of(time)}" : ""),
        PolicyAction.EnterMaintenance enter => $"enter maintenance host {Name(enter.Host)}",
        PolicyAction.LeaveMaintenance leave => $"leave maintenance host {Name(leave.Host)}",
        PolicyAction.MigrateVm move => $"migrate vm {Name(move.Vm)} to host {Name(move.Host)}",
        PolicyAction.Notify notify => $"notify {Quoted(notify.Text)}" + (notify.Via is { } via ? $" via {Name(via)}" : ""),
        PolicyAction.RunHook hook => $"run hook {Name(hook.Name)}",
        _ => throw new InvalidOperationException($"action {action.GetType().Name} has no words"),
    };

    /// <summary>Of a trigger that does something itself.</summary>
    private static string? WhatTheTriggerDoes(Trigger trigger) => trigger is Trigger.HaveOn have ? string.Create(CultureInfo.InvariantCulture, $"have {Words.Count(have.Count, "host")} on by {have.By:HH:mm}") : null;

    /// <summary><c>migrate</c>, <c>powerOff</c>, <c>powerOn</c>, ...</summary>
    public static string Kind(PlannedAction action) => action switch
    {
        PlannedAction.Migrate => "migrate",
        PlannedAction.PowerOff => "powerOff",
        PlannedAction.PowerOn => "powerOn",
        PlannedAction.Suspend => "suspend",
        PlannedAction.Order { Given.Resumed: true } => "keepClosed",
        PlannedAction.Order { Given.Phase: HostOrderPhase.Off } => "keepOff",
        PlannedAction.Order { Given.Phase: HostOrderPhase.Returning } => "open",
        PlannedAction.Order { Given.Kind: HostOrderKind.Drained } => "drain",
        PlannedAction.Order { Given.Kind: HostOrderKind.Maintenance } => "enterMaintenance",
        PlannedAction.Order => "shutDown",
        PlannedAction.Release => "open",
        PlannedAction.Notify => "notify",
        PlannedAction.RunHook => "runHook",
        _ => throw new InvalidOperationException($"action {action.GetType().Name} has no name"),
    };

    /// <summary>A kind as a policy would write it: <c>power off</c>.</summary>
    public static string InWords(string kind) => string.Concat(kind.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    /// <summary><c>vm/web1</c>, <c>host/h3</c>.</summary>
    public static string Subject(PlannedAction action) => action.Subject?.ToString() ?? "site";

    /// <summary>The host that it is about; null for a move, and for what is only told.</summary>
    public static string? HostOf(PlannedAction action) => action is not (PlannedAction.Notify or PlannedAction.RunHook) && action.Subject is { Kind: SubjectKind.Host } host ? host.Name : null;

    private static string Evacuate(PolicyAction.Evacuate action)
    {
        var number = action.Count == 1 ? "" : $"{action.Count} ";
        var order = action.Order == VmOrder.Heaviest ? "heaviest" : "lightest";
        var fitting = action.Fitting ? " fitting" : "";
        var to = action.To == HostPreference.Coolest ? "" : " to fullest host";
        var where = action.ToHostsWhere is { } condition ? $" to hosts where {ConditionText.Of(condition)}" : "";
        return $"evacuate {number}{order}{fitting} vm{(action.Count == 1 ? "" : "s")} by {Of(action.By)}{to}{where}";
    }

    private static string Consolidate(PolicyAction.Consolidate action)
    {
        var floor = action.ToAtLeastHosts is { } hosts ? $" to at least {Words.Count(hosts, "host")}" : "";
        string?[] levels =
        [
            action.BelowCpuPercent is { } cpu ? $"{Percent(cpu)} cpu" : null,
            action.BelowMemoryPercent is { } memory ? $"{Percent(memory)} memory" : null,
        ];
        var below = string.Join(" and ", levels.OfType<string>());
        return $"consolidate{floor}{(below.Length == 0 ? "" : " below ")}{below}";
    }

    private static string Keeping(int spare) => spare == 0 ? "" : $" keeping {spare} spare";

    private static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##}%");

    private static string Of(Resource resource) => resource switch
    {
        Resource.Cpu => "cpu",
        Resource.Memory => "memory",
        Resource.Network => "network",
        _ => throw new ArgumentOutOfRangeException(nameof(resource)),
    };

    // A name that could be taken for anything else is quoted.
    private static string Name(string name) =>
        char.IsLetterOrDigit(name[0]) && char.IsLetterOrDigit(name[^1]) && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.') && !Vocabulary.Keywords.Contains(name)
            ? name : Quoted(name);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
