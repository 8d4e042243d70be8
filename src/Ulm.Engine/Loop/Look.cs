using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;
using Ulm.Engine.Planning.Upkeep;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>What one look at the site came to.</summary>
/// <param name="Plan">Of the decisions that are to be carried out.</param>
public sealed record LookResult(
    ImmutableArray<HoldTransition> Transitions, ImmutableArray<Decision> Decisions, ImmutableArray<Outvoted> Outvoted, Plan Plan)
{
    /// <summary>Of the decisions that somebody has to approve first.</summary>
    public required Plan Recommended { get; init; }

    /// <summary>What the look knew from those before it; null: it was not told to keep that.</summary>
    internal LookState? Before { get; init; }

    /// <summary>Scheduled rules that came due and did not fire.</summary>
    public ImmutableArray<Withheld> Withheld { get; init; } = [];
}

/// <summary>The deciding half of the control loop: facts in, plan out. No clock, no IO; it remembers only what the rule engine holds and what happened last.</summary>
public sealed class Look
{
    private const string NotYet = "nothing is done before a whole polling interval has passed since the start";

    private readonly RuleNetwork _rules;
    private readonly Planner _planner;
    private readonly SiteEvents? _events;
    private Site? _fed;
    private ImmutableArray<Decision> _goingOn = [];

    /// <param name="siteZone">In which times of day are read where the policies name no zone; null: UTC.</param>
    /// <param name="before">The look that this one takes the place of: what it knows of events goes on, and what rules do one after another that are there still.</param>
    public Look(PolicySet policies, PlacementLimits limits, TimeZoneInfo? siteZone = null, RuleMode serverMode = RuleMode.Enforce, Look? before = null, PlannerOptions? planning = null)
    {
        (Policies, SiteZone, ServerMode) = (policies, siteZone, serverMode);
        _rules = new RuleNetwork(policies, siteZone);
        _planner = new Planner(policies, limits) { Options = planning ?? new() };
        Reads = PolicyReads.Of(policies);
        if (before is not null) _goingOn = [.. from going in before._goingOn from rule in policies.Rules where rule.Name == going.Rule.Name && rule.Fingerprint == going.Rule.Fingerprint select going with { Rule = rule }];
        _events = policies.Rules.Any(r => r.Trigger is Trigger.On) ? before?._events ?? new SiteEvents() : null;
    }

    public PolicySet Policies { get; }

    /// <summary>In which times of day are read where the policies name no zone; null: UTC.</summary>
    public TimeZoneInfo? SiteZone { get; }

    /// <summary>What the server may do at most.</summary>
    public RuleMode ServerMode { get; }

    public PlannerOptions Planning => _planner.Options;

    public IRuleEngine Rules => _rules;

    /// <summary>What is to be measured for these policies.</summary>
    public IReadOnlySet<PolicyAttribute> Reads { get; }

    public ConstraintSet Constraints => _planner.Constraints;

    /// <param name="mayAct">False: hold clocks run, but nothing fires (the first poll after a start).</param>
    /// <param name="decidedAlready">Decisions that an earlier look at this same instant has made.</param>
    public LookResult At(SiteFacts facts, IEnumerable<ScheduleEvent> due, bool mayAct, int decidedAlready = 0)
    {
        Feed(facts);
        // By now events of this very look are in it: those who take the look again need not know what went before.
        var before = KeepsBefore ? new LookState(_rules.SaveHolds(), _goingOn) : null;
        if (mayAct) foreach (var scheduled in due) _rules.Insert(scheduled);
        var fired = _rules.Fire(facts.At, subject => mayAct ? facts.InFlight.GetValueOrDefault(subject) : NotYet);
        var (decisions, outvoted, plan, recommended) = Decide(facts, fired.Firings, mayAct, decidedAlready);
        foreach (var loser in outvoted) _rules.Rearm(loser.Rule.Name, loser.Subject, facts.At, FiringEnd.Unheard);
        if (mayAct) _goingOn = plan.GoingOn;
        return new LookResult(fired.Transitions, decisions, outvoted, plan)
        {
            Recommended = recommended,
            Withheld = fired.Withheld,
            Before = before,
        };
    }

    /// <summary>A rule that outvotes another and is refused takes nothing from it: the other gets its turn at this same look, after it.</summary>
    private (ImmutableArray<Decision> Decisions, ImmutableArray<Outvoted> Outvoted, Plan Plan, Plan Recommended) Decide(
        SiteFacts facts, ImmutableArray<Firing> firings, bool mayAct, int decidedAlready)
    {
        var inVain = new HashSet<(string Rule, SubjectRef? Subject)>();
        while (true)
        {
            var (decisions, outvoted) = Arbiter.Choose(firings, facts.Site, facts.At, decidedAlready, ServerMode, inVain);
            var (plan, recommended) = (PlanOf(RuleMode.Enforce, mayAct ? _goingOn : []), PlanOf(RuleMode.Recommend, []));
            var winners = outvoted.Select(o => o.Winner).ToHashSet();
            var before = inVain.Count;
            inVain.UnionWith(decisions.Where(d => winners.Contains((d.Rule.Name, d.Subject)) && !plan.ComesOf(d) && !recommended.ComesOf(d)).Select(d => (d.Rule.Name, d.Subject)));
            if (inVain.Count == before) return (decisions, outvoted, plan, recommended);

            Plan PlanOf(RuleMode mode, ImmutableArray<Decision> goingOn) =>
                _planner.Plan(facts, [.. decisions.Where(d => d.Mode == mode)], mayAct ? UpkeepIn(mode) : UpkeepScope.None, goingOn, decidedAlready);
        }
    }

    /// <summary>Where rules only recommend, what a person has ordered is seen through all the same.</summary>
    private UpkeepScope UpkeepIn(RuleMode mode) => (ServerMode, mode) switch
    {
        (RuleMode.Enforce, RuleMode.Enforce) => UpkeepScope.All,
        (RuleMode.Recommend, RuleMode.Enforce) => UpkeepScope.OrdersByHand,
        (RuleMode.Recommend, RuleMode.Recommend) => UpkeepScope.Policies,
        _ => UpkeepScope.None,
    };

    /// <summary>True: each result has what it took to come to it.</summary>
    internal bool KeepsBefore { get; init; }

    /// <summary>Decisions of which one thing is done after another, and not all is.</summary>
    internal ImmutableArray<Decision> GoingOn => _goingOn;

    /// <summary>Goes on with these as with what it decided itself.</summary>
    internal void GoOnWith(ImmutableArray<Decision> goingOn) => _goingOn = goingOn;

    /// <summary>Takes over what a look knew.</summary>
    internal void Restore(IEnumerable<SavedHold> holds, ImmutableArray<Decision> goingOn)
    {
        _rules.RestoreHolds(holds, TimeSpan.Zero);
        _goingOn = goingOn;
    }

    /// <summary>Plans one decision that no rule made, by the constraints in force.</summary>
    public Plan Plan(SiteFacts facts, Decision ordered) => _planner.Plan(facts, [ordered]);

    /// <summary>Brings working memory up to these facts.</summary>
    public void Feed(SiteFacts facts)
    {
        var events = _events?.Take(facts) ?? [];
        foreach (var happened in events.Where(IsOfOneGone)) _rules.Insert(happened, facts.At);
        if (!ReferenceEquals(_fed, facts.Site)) FeedSite(facts.Site);
        foreach (var fact in _rules.Reads) FeedFact(facts, fact);
        foreach (var happened in events.Where(e => !IsOfOneGone(e))) _rules.Insert(happened, facts.At);
    }

    private static bool IsOfOneGone(SiteEvent happened) => happened.Event is SubjectEvent.HostLeaves or SubjectEvent.VmStops;

    private void FeedSite(Site site)
    {
        var before = _fed ?? Site.Empty;
        foreach (var vm in before.Vms) if (site.FindVm(vm.Name) is null) _rules.Retract(vm.Ref);
        foreach (var host in site.Hosts) _rules.Insert(host.Ref, host.Cluster, host.Tags);
        foreach (var vm in site.Vms) _rules.Insert(vm.Ref, vm.Host, vm.Tags);
        foreach (var host in before.Hosts) if (site.FindHost(host.Name) is null) _rules.Retract(host.Ref);
        _fed = site;
    }

    private void FeedFact(SiteFacts facts, Fact fact)
    {
        switch (fact.Kind)
        {
            case SubjectKind.Host:
                foreach (var host in facts.Site.Hosts) _rules.Update(host.Ref, fact, facts.Read(host.Ref, fact));
                break;
            case SubjectKind.Vm:
                foreach (var vm in facts.Site.Vms) _rules.Update(vm.Ref, fact, facts.Read(vm.Ref, fact));
                break;
            case SubjectKind.Cluster:
                foreach (var cluster in facts.Site.Clusters.Keys) _rules.Update(SubjectRef.Cluster(cluster), fact, facts.Read(SubjectRef.Cluster(cluster), fact));
                break;
        }
    }
}
