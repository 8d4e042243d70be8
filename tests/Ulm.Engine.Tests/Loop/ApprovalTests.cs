using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>What is only recommended waits for somebody's word, and is not done on a site that has changed.</summary>
public class ApprovalTests
{
    private static readonly Rule Relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(2), new PolicyAction.Evacuate(true, Resource.Cpu)) with { Mode = RuleMode.Recommend };

    [Fact]
    public void Nothing_is_done_until_the_plan_is_approved()
    {
        var run = Hot();
        string? answer = "never asked";

        run.For(20, Some.Policies(Relieve), script: [(10, async loop => answer = await loop.Operators.ApproveAsync(Assert.Single(loop.Operators.PendingPlans).Id, "ann"))]);

        Assert.Null(answer);
        Assert.Equal("12:10:00 migrate a to h2", Assert.Single(run.Calls));
        Assert.Contains("12:02:00 recommended, and not done until plan p20260105-120200 is approved: migrate vm a from h1 to h2 (relieve: host.cpu = 100% > 75% for 2m)", run.Journal(JournalKind.Decision));
        Assert.Contains("12:10:00 plan p20260105-120200 was approved by ann", run.Journal(JournalKind.Decision));
        // Told once, not at every look.
        Assert.Single(run.Journal(JournalKind.Decision), t => t.Contains("not done until"));
    }

    [Fact]
    public void A_plan_that_nobody_approves_is_withdrawn_and_offered_anew()
    {
        var run = Hot();
        run.Options = run.Options with { ApprovalTime = TimeSpan.FromMinutes(10) };

        run.For(20, Some.Policies(Relieve));

        Assert.Empty(run.Calls);
        Assert.Contains("12:12:00 plan p20260105-120200 was to be approved by 2026-01-05 12:12:00", run.Journal(JournalKind.Decision));
        Assert.Equal("p20260105-121500", Assert.Single(run.Loop.Operators.PendingPlans).Id);
    }

    [Fact]
    public void A_plan_for_another_site_is_withdrawn()
    {
        var run = Hot();
        string? answer = null;

        run.For(20, Some.Policies(Relieve), script: [(5.2, _ => run.World.Put(Some.Vm("new", "h2"))), (6.2, async loop => answer = await loop.Operators.ApproveAsync("p20260105-120200", "ann"))]);

        Assert.Equal("plan p20260105-120200 rests on a site that has changed since: vm new is new, on h2; none waits for approval", answer);
        Assert.Contains("12:06:00 plan p20260105-120200 rests on a site that has changed since: vm new is new, on h2", run.Journal(JournalKind.Decision));
        Assert.Empty(run.Calls);
    }

    [Theory]
    [InlineData(true, "plan p20260105-120200 was decided by rule relieve, which was changed or taken out since; none waits for approval")]
    [InlineData(false, null)]
    public void A_plan_of_a_rule_that_says_something_else_by_now_is_withdrawn(bool changed, string? expected)
    {
        var run = Hot();
        string? answer = "never asked";

        run.For(20, Some.Policies(Relieve), script:
        [
            (5.2, loop => loop.ReplacePolicies(Some.Policies(changed ? Relieve with { Fingerprint = "something else" } : Relieve))),
            (6.2, async loop => answer = await loop.Operators.ApproveAsync("p20260105-120200", "ann")),
        ]);

        Assert.Equal(expected, answer);
        Assert.Equal(changed ? 0 : 1, run.Calls.Count);
    }

    /// <summary>Fault seed 2675: the new server did not start.</summary>
    [Fact]
    public async Task A_plan_that_is_not_kept_over_a_restart_is_told_of_once_the_store_takes_it()
    {
        var run = Hot();
        run.For(5.2, Some.Policies(Relieve), kill: true);
        var full = run.Time.GetUtcNow() + TimeSpan.FromMinutes(3);
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() < full;

        run.For(10, Some.Policies(Relieve));

        var told = Assert.Single(run.Store.Journal, e => e.Text.Contains("plan p20260105-120200 is not kept over the restart"));
        Assert.True(told.At >= full);
        Assert.DoesNotContain("p20260105-120200", await run.Store.LoadPendingPlansAsync(default));
    }

    [Fact]
    public void A_rejected_plan_is_gone()
    {
        var run = Hot();
        var answers = new List<string?>();

        run.For(20, Some.Policies(Relieve), script: [(5, async loop => answers.Add(await loop.Operators.RejectAsync("p20260105-120200", "bob"))), (6, async loop => answers.Add(await loop.Operators.ApproveAsync("p20260105-120200", "ann")))]);

        Assert.Equal([null, "plan p20260105-120200 was rejected by bob at 12:05:00; none waits for approval"], answers);
        Assert.Empty(run.Calls);
    }

    /// <summary>Until the first has come to its end, the site is as it was when the second was planned.</summary>
    [Fact]
    public void Of_two_approved_plans_that_move_one_vm_only_the_first_does()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1")], (_, _) => 10);
        run.For(20, Some.Policies(Move("first", 3, "h2"), Move("second", 4, "h3")), script: (5, async loop =>
        {
            foreach (var plan in loop.Operators.PendingPlans.ToList()) Assert.Null(await loop.Operators.ApproveAsync(plan.Id, "ann"));
        }));

        Assert.Equal(["12:05:00 migrate a to h2"], run.Calls);
        Assert.Contains(run.Store.Journal, e => e is { Kind: JournalKind.Refusal, Rule: "second", Outcome: "ULM6208" });

        static Rule Move(string name, int minute, string to) => Some.At(name, new TimeOnly(12, minute), DaysOfWeek.Daily, new PolicyAction.MigrateVm("a", to)) with { Mode = RuleMode.Recommend };
    }

    /// <summary>Each was within the budget as it was planned, when the other was only recommended.</summary>
    [Theory]
    [InlineData(BudgetOf.Moves, "at most 1 move per day", "1 move(s) in this time (24h), and 1 more would be too many")]
    [InlineData(BudgetOf.Hosts, "at most 1 host per day", "1 host(s) in this time (24h), and 1 more would be too many")]
    public void Approved_plans_of_one_rule_keep_to_its_budget_together(BudgetOf of, string text, string why)
    {
        var run = new Run(
            [Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4), Some.Vm("c", "h3", vcpus: 4), Some.Vm("d", "h3", vcpus: 4)],
            (vm, at) => vm is "a" or "b" || at >= Run.Start.AddMinutes(5) ? 100 : 10);
        var answers = new List<string?>();
        run.For(30, Some.Policies(Relieve with { Budgets = [new RuleBudget(1, of, TimeSpan.FromDays(1), text)] }), script: (10, async loop =>
        {
            foreach (var plan in loop.Operators.PendingPlans.ToList()) answers.Add(await loop.Operators.ApproveAsync(plan.Id, "ann"));
        }));

        Assert.Equal([null, $"plan p20260105-120700 is more than rule relieve may do now: \"{text}\": {why}"], answers);
        Assert.Single(run.Calls);
    }

    /// <summary>Mending is no rule's doing: it follows the server's own mode.</summary>
    [Theory]
    [InlineData(RuleMode.Observe, 0, 0)]
    [InlineData(RuleMode.Recommend, 1, 0)]
    [InlineData(RuleMode.Enforce, 0, 1)]
    public void The_server_s_mode_lowers_mending_too(RuleMode mode, int pending, int calls)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("db1", "h1", tags: "db"), Some.Vm("db2", "h1", tags: "db")], (_, _) => 10);
        run.Options = run.Options with { Mode = mode };

        run.For(10, PolicySet.Empty with { Constraints = [Some.Apart(new Selector.Tagged("db"))] });

        Assert.Equal((pending, calls), (run.Loop.Operators.PendingPlans.Count, run.Calls.Count));
    }

    /// <summary>What people want of hosts in the meantime is nothing that shows on the site.</summary>
    [Fact]
    public void A_plan_waits_while_somebody_holds_what_it_would_act_on()
    {
        var run = Hot();
        var answers = new List<string?>();
        run.For(20, Some.Policies(Some.At("empty", new(12, 3), DaysOfWeek.Daily, new PolicyAction.Drain("h2")) with { Mode = RuleMode.Recommend }), script:
        [
            (4, async loop => await loop.Operators.HoldAsync(new(SubjectRef.Host("h2"), "ann", "disk is swapped", run.Time.GetUtcNow(), run.Time.GetUtcNow().AddMinutes(5)))),
            (5, async loop => answers.Add(await loop.Operators.ApproveAsync("p20260105-120300", "bob"))),
            (10, async loop => answers.Add(await loop.Operators.ApproveAsync("p20260105-120300", "bob"))),
        ]);

        Assert.Equal(["plan p20260105-120300 is about what is held: host/h2 is held by ann until 2026-01-05 12:09:00 UTC: disk is swapped", null], answers);
        Assert.Equal(HostOrderKind.Drained, run.Loop.Executor.Orders.Current["h2"].Kind);
    }

    /// <summary>It only waits for the end of the hold; whoever does not want it at all need not wait.</summary>
    [Fact]
    public void A_plan_about_what_is_held_can_be_rejected()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", HostState.Off)], [Some.Vm("a", "h1")], (_, _) => 10);
        List<string?> answers = [];
        run.For(10, Some.Policies(Some.At("wake", new(12, 3), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)) with { Mode = RuleMode.Recommend }), script:
        [
            (4, async loop => await loop.Operators.HoldAsync(new(SubjectRef.Host("h2"), "ann", "disk is swapped", run.Time.GetUtcNow(), run.Time.GetUtcNow().AddHours(5)))),
            (5, async loop => answers.AddRange([loop.Operators.WhyNotRejected("p20260105-120300"), await loop.Operators.RejectAsync("p20260105-120300", "bob")])),
        ]);

        Assert.Equal([null, null], answers);
        Assert.Empty(run.Loop.Operators.PendingPlans);
    }

    [Fact]
    public void A_plan_about_a_host_that_somebody_has_given_an_order_for_since_is_not_carried_out()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", HostState.Off)], [Some.Vm("a", "h1")], (_, _) => 10);
        string? answer = null;
        run.For(20, Some.Policies(Some.At("wake", new(12, 3), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)) with { Mode = RuleMode.Recommend }), script:
        [
            (4, async loop => await loop.Operators.OrderAsync(new ManualOrder.PowerOff("h2", null, false), "ann", "its fan is out")),
            (5, async loop => answer = await loop.Operators.ApproveAsync("p20260105-120300", "bob")),
        ]);

        Assert.Equal("plan p20260105-120300 is about host h2, for which ann has ordered since, at 2026-01-05 12:04:00 UTC: keep host h2 off (its fan is out); none waits for approval", answer);
        Assert.Empty(run.Calls);
    }

    [Fact]
    public void What_is_approved_by_a_name_that_no_plan_has_is_said_once()
    {
        var run = Hot();
        var answers = new List<string?>();
        run.For(5, Some.Policies(Relieve), script: [(1, async loop => answers.Add(await loop.Operators.ApproveAsync("p1", "ann"))), (4, async loop => answers.Add(await loop.Operators.ApproveAsync("p1", "ann")))]);

        Assert.Equal(["there is no plan p1; none waits for approval", "there is no plan p1; p20260105-120200 waits for approval"], answers);
    }

    [Fact]
    public void What_is_recommended_while_the_store_is_full_is_told_of_and_waits_once_it_is_not()
    {
        var run = Hot();
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() is var now && now > Run.Start.AddMinutes(1.5) && now < Run.Start.AddMinutes(3.5);

        run.For(20, Some.Policies(Relieve));

        var plan = Assert.Single(run.Loop.Operators.PendingPlans);
        Assert.Contains(run.Journal(JournalKind.Decision), t => t.Contains($"not done until plan {plan.Id} is approved", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_withdrawn_while_the_store_is_full_is_told_of_once_it_is_not()
    {
        var run = Hot();
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() is var now && now > Run.Start.AddMinutes(4.5) && now < Run.Start.AddMinutes(7.5);

        run.For(20, Some.Policies(Relieve), script: (5.2, _ => run.World.Put(Some.Vm("new", "h2"))));

        Assert.Contains("12:06:00 plan p20260105-120200 rests on a site that has changed since: vm new is new, on h2", run.Journal(JournalKind.Decision));
    }

    /// <summary>Each of its steps would be refused, and the plan be gone.</summary>
    [Fact]
    public void A_plan_is_not_approved_while_the_server_may_not_act()
    {
        var run = Hot();
        run.Options = run.Options with { Lease = new("node1:1") };
        var answers = new List<string?>();

        run.For(20, Some.Policies(Relieve), script:
        [
            (10, _ => run.Store.RefusesOrders = true),
            (11, async loop => answers.Add(await loop.Operators.ApproveAsync("p20260105-120200", "ann"))),
            (11.1, _ => run.Store.RefusesOrders = false),
            (12.5, async loop => answers.Add(await loop.Operators.ApproveAsync("p20260105-120200", "ann"))),
        ]);

        Assert.Equal(["the lease could not be renewed in time: another server may act on this site", null], answers);
        Assert.Single(run.Calls);
    }

    private static Run Hot() => new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, _) => 100);
}
