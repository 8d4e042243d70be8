using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Rules;

public class RuleNetworkTests
{
    private static readonly Rule Hot = Some.When("hot", Some.Above(HostCpu, 75), TimeSpan.FromMinutes(10));
    private static readonly Rule HotAtOnce = Some.When("hot", Some.Above(HostCpu, 75), TimeSpan.Zero);

    private static readonly Rule BusyVmOnHotHost = Some.WhenVm(
        "both", new Condition.And([Some.Above(VmCpu, 50), Some.Above(HostCpu, 75)]), TimeSpan.Zero);

    [Fact]
    public void It_fires_once_for_each_subject_that_was_above_for_the_whole_time()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1", "h2");
        for (var minute = 0; minute <= 30; minute++)
        {
            bench.Measure(minute, HostCpu, "h1", 90).Measure(minute, HostCpu, "h2", minute < 5 ? 20 : 80);
            bench.Look(minute);
        }

        Assert.Equal(["10 hot h1", "15 hot h2"], bench.Fired);
    }

    [Fact]
    public void A_single_missed_poll_does_not_break_a_hold() =>
        Assert.Equal(["10 hot h1"], new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 20, HostCpu, "h1", m => m == 5 ? null : 90).Fired);

    [Fact]
    public void Data_older_than_three_polls_breaks_a_hold() =>
        Assert.Equal(["18 hot h1"], new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 20, HostCpu, "h1", m => m is >= 4 and < 8 ? null : 90).Fired);

    [Fact]
    public void Data_that_stays_away_never_fires()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 60, HostCpu, "h1", m => m < 7 ? 90 : null);

        Assert.Empty(bench.Fired);
        Assert.Equal(HoldState.Inactive, bench.StateOf("hot", SubjectRef.Host("h1")));
        Assert.Equal(Truth.Unknown, bench.Network.Explain("hot", SubjectRef.Host("h1"))!.Verdict);
    }

    [Fact]
    public void Not_of_unknown_does_not_fire()
    {
        var cold = Some.When("cold", new Condition.Not(Some.Above(HostCpu, 75)), TimeSpan.Zero);

        Assert.Empty(new RuleBench(Some.Policies(cold), "h1").Minutes(0, 5, HostCpu, "h1", _ => null).Fired);
    }

    [Fact]
    public void A_host_s_value_reaches_the_vms_on_it()
    {
        var bench = new RuleBench(Some.Policies(BusyVmOnHotHost), "h1", "h2").Vm("a", "h1").Vm("b", "h1").Vm("c", "h2");
        bench.Measure(0, VmCpu, "a", 60).Measure(0, VmCpu, "b", 10).Measure(0, VmCpu, "c", 60).Measure(0, HostCpu, "h1", 20).Measure(0, HostCpu, "h2", 20);
        bench.Look(0);
        bench.Measure(1, HostCpu, "h1", 90);
        bench.Look(1);

        Assert.Equal(["1 both a"], bench.Fired);
    }

    [Fact]
    public void A_vm_that_moves_is_judged_by_its_new_host()
    {
        var bench = new RuleBench(Some.Policies(BusyVmOnHotHost), "h1", "h2").Vm("a", "h1");
        bench.Measure(0, VmCpu, "a", 60).Measure(0, HostCpu, "h1", 20).Measure(0, HostCpu, "h2", 90);
        bench.Look(0);
        bench.Vm("a", "h2").Look(1);
        Assert.Equal(["1 both a"], bench.Fired);
        Assert.Equal(HoldState.Firing, bench.StateOf("both", SubjectRef.Vm("a")));

        bench.Vm("a", "h1").Look(2);
        Assert.Equal(HoldState.Inactive, bench.StateOf("both", SubjectRef.Vm("a")));
        bench.Measure(2.5, HostCpu, "h2", 95);
        bench.Look(3);
        Assert.Equal(["1 both a"], bench.Fired);
    }

    [Fact]
    public void What_is_retracted_is_forgotten_and_comes_back_as_new()
    {
        var network = new RuleNetwork(Some.Policies(Hot));
        var host = SubjectRef.Host("h1");
        Feed(network, 0);
        network.Fire(RuleBench.At(0), _ => null);

        network.Retract(host);
        Assert.Empty(network.SaveHolds());
        Assert.Null(network.Explain("hot", host));
        Assert.Empty(network.Fire(RuleBench.At(15), _ => null).Firings);

        Feed(network, 16);
        Assert.Empty(network.Fire(RuleBench.At(16), _ => null).Firings);
        Assert.Equal(RuleBench.At(16), network.Explain("hot", host)!.Since);

        static void Feed(RuleNetwork network, int minute)
        {
            network.Insert(SubjectRef.Host("h1"), null);
            network.Update(SubjectRef.Host("h1"), new Fact.Attribute(HostCpu), Reading.Known(90, RuleBench.At(minute)));
        }
    }

    [Fact]
    public void A_row_used_again_knows_nothing_of_who_had_it()
    {
        var network = new RuleNetwork(Some.Policies(HotAtOnce));
        network.Insert(SubjectRef.Host("old"), null);
        network.Update(SubjectRef.Host("old"), new Fact.Attribute(HostCpu), Reading.Known(90, RuleBench.At(0)));
        network.Retract(SubjectRef.Host("old"));
        network.Insert(SubjectRef.Host("new"), null);

        Assert.Empty(network.Fire(RuleBench.At(0), _ => null).Firings);
    }

    [Fact]
    public void A_host_with_vms_is_not_retracted()
    {
        var network = new RuleNetwork(Some.Policies(Hot));
        network.Insert(SubjectRef.Host("h1"), null);
        network.Insert(SubjectRef.Vm("a"), "h1");

        Assert.Throws<ArgumentException>(() => network.Retract(SubjectRef.Host("h1")));
        network.Retract(SubjectRef.Vm("a"));
        network.Retract(SubjectRef.Host("h1"));
    }

    [Fact]
    public void A_schedule_event_fires_its_rule_once()
    {
        var bench = new RuleBench(Some.Policies(Some.At("night", new TimeOnly(20, 0), DaysOfWeek.Daily)), "h1");
        var due = new ScheduleEvent("night", RuleBench.At(1));

        bench.Look(1, due, due, new ScheduleEvent("no such rule", RuleBench.At(1)));
        bench.Look(2);

        Assert.Equal(["1 night site"], bench.Fired);
    }

    [Fact]
    public void A_busy_subject_fires_once_it_is_free()
    {
        var bench = new RuleBench(Some.Policies(HotAtOnce), "h1").Measure(0, HostCpu, "h1", 90);
        bench.Busy(SubjectRef.Host("h1"), true);
        bench.Look(0);
        bench.Look(1);
        bench.Busy(SubjectRef.Host("h1"), false);
        bench.Look(2);

        Assert.Equal(["2 hot h1"], bench.Fired);
    }

    [Fact]
    public void After_its_action_a_rule_fires_again_only_on_what_was_measured_since()
    {
        var bench = new RuleBench(Some.Policies(HotAtOnce), "h1").Measure(0, HostCpu, "h1", 90);
        bench.Look(0);
        bench.Network.Rearm("hot", SubjectRef.Host("h1"), RuleBench.At(0.5), FiringEnd.Done);
        bench.Look(1);
        Assert.Equal(["0 hot h1"], bench.Fired);

        bench.Measure(2, HostCpu, "h1", 90);
        bench.Look(2);
        Assert.Equal(["0 hot h1", "2 hot h1"], bench.Fired);
    }

    [Fact]
    public void An_unchanged_rule_keeps_its_clock_over_a_reload()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 6, HostCpu, "h1", _ => 90);
        bench.Reload(Some.Policies(Hot with { Location = new SourceLocation("moved.ulm", 7, 1) }), 6, TimeSpan.Zero);

        Assert.Equal(["10 hot h1"], bench.Minutes(7, 20, HostCpu, "h1", _ => 90).Fired);
    }

    [Fact]
    public void A_changed_rule_starts_anew()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 6, HostCpu, "h1", _ => 90);
        bench.Reload(Some.Policies(Hot with { Fingerprint = "another meaning" }), 6, TimeSpan.Zero);

        Assert.Equal(["17 hot h1"], bench.Minutes(7, 20, HostCpu, "h1", _ => 90).Fired);
    }

    [Fact]
    public void Time_while_the_server_was_down_does_not_count()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1").Minutes(0, 6, HostCpu, "h1", _ => 90);
        bench.Reload(Some.Policies(Hot), 6, shift: TimeSpan.FromMinutes(100));

        Assert.Equal(["110 hot h1"], bench.Minutes(106, 120, HostCpu, "h1", _ => 90).Fired);
    }

    [Fact]
    public void A_cooldown_runs_on_over_a_restart()
    {
        var cooled = HotAtOnce with { Cooldown = TimeSpan.FromMinutes(30) };
        var bench = new RuleBench(Some.Policies(cooled), "h1").Minutes(0, 2, HostCpu, "h1", m => m == 0 ? 90 : 10);
        bench.Reload(Some.Policies(cooled), 20, shift: TimeSpan.FromMinutes(18));

        Assert.Equal(["0 hot h1", "30 hot h1"], bench.Minutes(21, 40, HostCpu, "h1", _ => 90).Fired);
    }

    [Fact]
    public void Explain_names_the_numbers_and_the_cause_of_what_is_unknown()
    {
        var bench = new RuleBench(Some.Policies(Hot), "h1", "h2").Measure(0, HostCpu, "h1", 81.25);
        bench.Look(0);

        Assert.Equal("host.cpu = 81.3% > 75%", Clause("h1"));
        Assert.Equal("host.cpu > 75%: host.cpu is unknown (not measured yet)", Clause("h2"));

        string Clause(string host) => Assert.Single(bench.Network.Explain("hot", SubjectRef.Host(host))!.Clauses).ToString();
    }

    /// <summary>A sentence without a name is called after its line: a comment above it must not cost it its clock.</summary>
    [Fact]
    public void A_rule_that_got_another_name_and_means_the_same_keeps_its_clock()
    {
        var before = Some.When("p.ulm:1", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(10), new PolicyAction.Consolidate());
        var network = new RuleNetwork(Some.Policies(before));
        network.Insert(SubjectRef.Host("h1"), null);
        network.Update(SubjectRef.Host("h1"), new Fact.Attribute(HostCpu), Reading.Known(90, Some.Monday));
        network.Fire(Some.Monday, _ => null);

        var after = new RuleNetwork(Some.Policies(before with { Name = "p.ulm:2" }));
        after.Insert(SubjectRef.Host("h1"), null);
        after.RestoreHolds(network.SaveHolds(), TimeSpan.Zero);

        Assert.Equal(("p.ulm:2", HoldState.Pending, Some.Monday), after.SaveHolds().Select(h => (h.Rule, h.State, h.Since)).Single());
    }
}
