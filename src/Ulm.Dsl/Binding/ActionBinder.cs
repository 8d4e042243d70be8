using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>The actions of one rule, held against what the rule fires for.</summary>
/// <param name="trigger">Null where the trigger has a fault: then nothing is said of what it does not give.</param>
internal sealed class ActionBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag, TriggerSyntax triggerSyntax, Trigger? trigger)
{
    private readonly QuantityReader _quantities = new(sentence, bag);

    // What a load is measured by where the action does not say.
    private readonly Resource _resource = ConditionReads.Resource((trigger as Trigger.When)?.Condition);

    /// <summary>Null where the action has a fault.</summary>
    public PolicyAction? Bind(ActionSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var action = Action(syntax);
        return errors == bag.ErrorCount ? action : null;
    }

    private PolicyAction? Action(ActionSyntax syntax)
    {
        switch (syntax)
        {
            case EvacuateSyntax evacuate:
                return Evacuate(evacuate);
            case DrainSyntax drain:
                if (drain.Host is null)
                    NeedsHost(drain, "drain");
                return new PolicyAction.Drain(Name(drain.Host));
            case BalanceSyntax balance:
                return Balance(balance);
            case ConsolidateSyntax consolidate:
                return Consolidate(consolidate);
            case PowerOffSyntax off:
                return Spare(off.Spare) is { } spare ? new PolicyAction.PowerOffIdle(spare) : null;
            case SuspendSyntax suspend:
                return Spare(suspend.Spare) is { } kept ? new PolicyAction.SuspendIdle(kept) : null;
            case PowerOnSyntax on:
                return _quantities.Count(on.Count, least: 1) is { } count ? new PolicyAction.PowerOn(count) : null;
            case PowerOnUntilSyntax on:
                return Condition(on.Until, SubjectKind.Cluster) is { } until ? new PolicyAction.PowerOnUntil(until) : null;
            case ShutDownSyntax down:
                var duration = down.For is null ? null : _quantities.Duration(down.For, "leave `for` out if the host is to stay off");
                return new PolicyAction.ShutDown(Name(down.Host), duration);
            case MaintenanceSyntax { Enter: true } enter:
                return new PolicyAction.EnterMaintenance(Name(enter.Host));
            case MaintenanceSyntax leave:
                return new PolicyAction.LeaveMaintenance(Name(leave.Host));
            case MigrateVmSyntax migrate:
                return new PolicyAction.MigrateVm(Name(migrate.Vm), Name(migrate.Host));
            case NotifySyntax notify:
                new NotifyTextBinder(sentence, bag).Check(notify.Text, triggerSyntax, trigger);
                return new PolicyAction.Notify(notify.Text.Value, Name(notify.Via));
            case RunHookSyntax hook:
                return new PolicyAction.RunHook(Name(hook.Hook));
            default:
                throw new InvalidOperationException($"No binding for {syntax.GetType().Name}.");
        }
    }

    private PolicyAction.Evacuate Evacuate(EvacuateSyntax syntax)
    {
        NeedsHost(syntax, "evacuate");
        return new PolicyAction.Evacuate(syntax.Fitting, syntax.By?.Of ?? _resource)
        {
            Count = syntax.Count is null ? 1 : _quantities.Count(syntax.Count, least: 1, "VMs") ?? 1,
            Order = syntax.Order,
            To = syntax.To ?? HostPreference.Coolest,
            ToHostsWhere = syntax.ToHostsWhere is null ? null : Condition(syntax.ToHostsWhere, SubjectKind.Host),
        };
    }

    private PolicyAction? Balance(BalanceSyntax syntax)
    {
        if (syntax.By is { Of: Resource.Network } by)
            bag.Add(ActionDiagnostics.BalanceByNetwork(sentence.At(by.Span)));
        var tolerance = syntax.Within is null ? 10 : _quantities.Percent(syntax.Within);
        return tolerance is null ? null : new PolicyAction.Balance(syntax.By?.Of ?? _resource, tolerance.Value) { Thorough = syntax.By is null && syntax.Within is null };
    }

    private PolicyAction.Consolidate Consolidate(ConsolidateSyntax syntax)
    {
        if (syntax.Below is [var first, var second] && first.Of == second.Of)
            bag.Add(ActionDiagnostics.RepeatedLevel(sentence.At(second.Span), sentence.At(first.Span)));
        return new PolicyAction.Consolidate
        {
            ToAtLeastHosts = syntax.ToAtLeast is null ? null : _quantities.Count(syntax.ToAtLeast, least: 1),
            BelowCpuPercent = Level(syntax.Below, Resource.Cpu),
            BelowMemoryPercent = Level(syntax.Below, Resource.Memory),
        };
    }

    private double? Level(ImmutableArray<LevelSyntax> levels, Resource of)
    {
        if (levels.FirstOrDefault(l => l.Of == of) is not { } level || _quantities.Percent(level.Percent) is not { } percent)
            return null;
        if (percent == 0)
            bag.Add(ActionDiagnostics.NothingFits(sentence.At(level.Percent.Span)));
        return percent;
    }

    private int? Spare(QuantitySyntax? written) => written is null ? 0 : _quantities.Count(written, least: 0);

    /// <param name="of">What the condition is judged for; it may read that and what is coarser, nothing finer.</param>
    private Condition? Condition(ConditionSyntax syntax, SubjectKind of)
    {
        var condition = new ConditionBinder(sentence, definitions, bag, of).Bind(syntax).Condition;
        if (condition is null || ConditionReads.Finest(condition) is not { } found || found == of || found == SubjectKind.Cluster)
            return condition;
        bag.Add(ActionDiagnostics.ConditionOfOtherSubject(sentence.At(syntax.Span), found, of));
        return null;
    }

    // Of a cluster, or of none at all: from which of its hosts?
    private void NeedsHost(ActionSyntax syntax, string verb)
    {
        var why = trigger switch
        {
            null or Trigger.When { Subject: SubjectKind.Host or SubjectKind.Vm } => null,
            Trigger.When => "this condition is about clusters, not about one host",
            Trigger.On { Event: SubjectEvent.HostLeaves } => "when a host has left, nothing can be moved from it",
            Trigger.On { Event: SubjectEvent.HostFails } => "when a host has failed, nothing can be moved from it",
            Trigger.On => null,
            _ => "this rule fires by the clock, for no host in particular",
        };
        if (why is not null)
            bag.Add(ActionDiagnostics.NeedsHost(sentence.At(syntax.Span), verb, sentence.At(triggerSyntax.Span), why));
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    private string? Name(NameSyntax? name)
    {
        if (name is not null)
            RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
        return name?.Value;
    }
}
