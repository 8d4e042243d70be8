using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>What one look at the site came to.</summary>
public sealed record LookResult(
    ImmutableArray<HoldTransition> Transitions, ImmutableArray<Decision> Decisions, ImmutableArray<Outvoted> Outvoted, Plan Plan);

/// <summary>The deciding half of the control loop: facts in, plan out. No clock, no IO; it remembers only what the rule engine holds.</summary>
public sealed class Look
{
    private readonly IRuleEngine _rules;
    private readonly Planner _planner;
    private readonly ImmutableArray<PolicyAttribute> _attributes;
    private readonly HashSet<SubjectRef> _inserted = [];
    private ImmutableArray<Decision> _goingOn = [];

    public Look(PolicySet policies, PlacementLimits limits)
    {
        _rules = new RuleNetwork(policies);
        _planner = new Planner(policies, limits);
        _attributes = [.. _rules.Reads];
        Policies = policies;
        Reads = PolicyReads.Of(policies);
    }

    public PolicySet Policies { get; }

    public IRuleEngine Rules => _rules;

    /// <summary>What is to be measured for these policies.</summary>
    public IReadOnlySet<PolicyAttribute> Reads { get; }

    public ConstraintSet Constraints => _planner.Constraints;

    /// <param name="mayAct">False: hold clocks run, but nothing fires (the first poll after a start).</param>
    /// <param name="decidedAlready">Decisions that an earlier look at this same instant has made.</param>
    public LookResult At(SiteFacts facts, IEnumerable<ScheduleEvent> due, bool mayAct, int decidedAlready = 0)
    {
        Feed(facts);
        if (mayAct) foreach (var scheduled in due) _rules.Insert(scheduled);
        var fired = _rules.Fire(facts.At, subject => !mayAct || facts.InFlight.ContainsKey(subject));
        var (decisions, outvoted) = Arbiter.Choose(fired.Firings, facts.Site, facts.At, decidedAlready);
        var plan = _planner.Plan(facts, decisions, upkeep: mayAct, _goingOn);
        if (mayAct) _goingOn = plan.GoingOn;
        foreach (var loser in outvoted) _rules.Rearm(loser.Rule.Name, loser.Subject, facts.At);
        return new LookResult(fired.Transitions, decisions, outvoted, plan);
    }

    /// <summary>Brings working memory up to these facts.</summary>
    public void Feed(SiteFacts facts)
    {
        var site = facts.Site;
        foreach (var gone in _inserted.Where(s => s.Kind == SubjectKind.Vm && site.FindVm(s.Name) is null).ToList()) Retract(gone);
        foreach (var host in site.Hosts) Insert(host.Ref, null);
        foreach (var vm in site.Vms) Insert(vm.Ref, vm.Host);
        foreach (var gone in _inserted.Where(s => s.Kind == SubjectKind.Host && site.FindHost(s.Name) is null).ToList()) Retract(gone);
        foreach (var attribute in _attributes)
        {
            if (attribute.Subject == SubjectKind.Host) foreach (var host in site.Hosts) _rules.Update(host.Ref, attribute, facts.Read(host.Ref, attribute));
            else foreach (var vm in site.Vms) _rules.Update(vm.Ref, attribute, facts.Read(vm.Ref, attribute));
        }
    }

    private void Insert(SubjectRef subject, string? host)
    {
        _inserted.Add(subject);
        _rules.Insert(subject, host);
    }

    private void Retract(SubjectRef subject)
    {
        _inserted.Remove(subject);
        _rules.Retract(subject);
    }
}
