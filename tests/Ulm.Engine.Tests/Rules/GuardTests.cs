using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using Ulm.Engine.Rules.Judging;
using Ulm.Engine.Schedules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Rules;

public class GuardTests
{
    private static readonly Rule Hot = Some.When("hot", Some.Above(HostCpu, 75), TimeSpan.FromMinutes(2));

    [Fact]
    public void In_cluster_narrows_a_rule_to_that_cluster()
    {
        var bench = Bench(new RuleGuards { Cluster = "web" }).Host("h1", "web").Host("h2", "db");
        for (var minute = 0; minute < 5; minute++) bench.Measure(minute, HostCpu, "h1", 90).Measure(minute, HostCpu, "h2", 90).Look(minute);

        Assert.Equal(["2 hot h1"], bench.Fired);
        Assert.Equal("not in cluster web, which the rule is about", bench.Network.Explain("hot", SubjectRef.Host("h2"))!.HeldBackBy!.ToString());
    }

    [Fact]
    public void Where_narrows_a_rule_to_those_for_whom_it_holds()
    {
        var bench = Bench(new RuleGuards { Where = Some.Tagged("ssd") }).Host("h1", "a", HostState.On, "ssd").Host("h2", "a");
        for (var minute = 0; minute < 5; minute++) bench.Measure(minute, HostCpu, "h1", 90).Measure(minute, HostCpu, "h2", 90).Look(minute);

        Assert.Equal(["2 hot h1"], bench.Fired);
    }

    [Fact]
    public void A_subject_that_becomes_the_rule_s_starts_its_clock_then()
    {
        var bench = Bench(new RuleGuards { Where = Some.Tagged("ssd") }).Host("h1", "a");
        bench.Minutes(0, 5, HostCpu, "h1", _ => 90).Host("h1", "a", HostState.On, "ssd").Minutes(6, 12, HostCpu, "h1", _ => 90);

        Assert.Equal(["8 hot h1"], bench.Fired);
    }

    [Fact]
    public void With_where_unknown_nothing_fires() =>
        Assert.Empty(Bench(new RuleGuards { Where = Some.Above(HostMemory, 10) }).Minutes(0, 5, HostCpu, "h1", _ => 90).Fired);

    /// <summary>Outside the window the clock runs on; the rule fires when the window opens, though nothing else changed then.</summary>
    [Fact]
    public void During_holds_a_due_rule_back_until_it_opens()
    {
        var bench = Bench(new RuleGuards { During = [Some.Window("00:07-00:09"), Some.Window("03:00-04:00")] }).Minutes(0, 5, HostCpu, "h1", _ => 90);
        var held = bench.Network.Explain("hot", SubjectRef.Host("h1"))!;

        Assert.Equal((HoldState.Pending, RuleBench.At(2)), (held.State, held.DueAt));
        Assert.Equal("outside 00:07-00:09 and 03:00-04:00 at 00:05:00", held.HeldBackBy!.ToString());
        Assert.Equal(["7 hot h1"], bench.Minutes(6, 12, HostCpu, "h1", _ => 90).Fired);
    }

    [Fact]
    public void A_condition_that_is_over_before_the_window_opens_fires_no_more() =>
        Assert.Empty(Bench(new RuleGuards { During = [Some.Window("00:07-00:09")] }).Minutes(0, 12, HostCpu, "h1", m => m < 6 ? 90 : 20).Fired);

    [Fact]
    public void Times_of_day_are_those_of_the_policies_zone()
    {
        var rule = Hot with { Guards = new RuleGuards { During = [Some.Window("01:07-01:09")] } };
        var policies = Some.Policies(rule) with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen") };

        Assert.Equal(["7 hot h1"], new RuleBench(policies, "h1").Minutes(0, 12, HostCpu, "h1", _ => 90).Fired);
    }

    [Theory]
    [InlineData(80.0, "")]
    [InlineData(null, "")]
    [InlineData(20.0, "4 hot h1")]
    public void Unless_permits_only_what_is_known_to_be_false(double? backup, string expected)
    {
        var bench = Bench(new RuleGuards { Unless = Some.Above(HostMemory, 50) });
        for (var minute = 0; minute < 4; minute++) bench.Measure(minute, HostCpu, "h1", 90).Look(minute);
        if (backup is { } measured) bench.Measure(4, HostMemory, "h1", measured);
        bench.Measure(4, HostCpu, "h1", 90).Look(4);

        Assert.Equal(expected, string.Join(", ", bench.Fired));
        if (expected == "") Assert.IsType<FoundGuard.Unless>(bench.Network.Explain("hot", SubjectRef.Host("h1"))!.HeldBackBy);
    }

    [Fact]
    public void A_cooldown_for_each_host_quiets_the_rule_for_all_its_vms()
    {
        var rule = Some.WhenVm("busy", Some.Above(VmCpu, 50), TimeSpan.Zero) with { Cooldown = TimeSpan.FromMinutes(10), CooldownPer = SubjectKind.Host };
        var bench = new RuleBench(Some.Policies(rule), "h1", "h2").Vm("a", "h1").Vm("b", "h1").Vm("c", "h2");
        for (var minute = 0; minute <= 15; minute++)
        {
            bench.Measure(minute, VmCpu, "b", 60).Measure(minute, VmCpu, "c", 60);
            if (minute > 0) bench.Measure(minute, VmCpu, "a", 60);
            bench.Look(minute);
            if (minute == 3) Assert.Equal("cooling down for host/h1 for another 7m", bench.Network.Explain("busy", SubjectRef.Vm("a"))!.HeldBackBy!.ToString());
        }

        Assert.Equal(["0 busy b", "0 busy c", "10 busy a"], bench.Fired);
    }

    [Fact]
    public void Of_several_that_are_due_at_once_the_oldest_fires_and_quiets_the_others()
    {
        var rule = Some.WhenVm("busy", Some.Above(VmCpu, 50), TimeSpan.FromMinutes(5)) with { Cooldown = TimeSpan.FromHours(1), CooldownPer = SubjectKind.Cluster };
        var bench = new RuleBench(Some.Policies(rule), "h1").Vm("a", "h1").Vm("b", "h1");
        bench.Busy(SubjectRef.Vm("b"), true);
        for (var minute = 0; minute <= 9; minute++)
        {
            bench.Measure(minute, VmCpu, "b", 60);
            if (minute > 2) bench.Measure(minute, VmCpu, "a", 60);
            if (minute == 8) bench.Busy(SubjectRef.Vm("b"), false);
            bench.Look(minute);
        }

        Assert.Equal(["8 busy b"], bench.Fired.Where(f => !f.StartsWith('9')));
    }

    [Fact]
    public void A_shared_cooldown_runs_on_over_a_restart()
    {
        var rule = Some.WhenVm("busy", Some.Above(VmCpu, 50), TimeSpan.Zero) with { Cooldown = TimeSpan.FromMinutes(30), CooldownPer = SubjectKind.Host };
        var bench = new RuleBench(Some.Policies(rule), "h1").Vm("a", "h1").Vm("b", "h1").Measure(0, VmCpu, "a", 60);
        bench.Look(0);
        bench.Reload(Some.Policies(rule), 20, shift: TimeSpan.FromMinutes(18));
        for (var minute = 21; minute <= 35; minute++) bench.Measure(minute, VmCpu, "b", 60).Look(minute);

        Assert.Equal(["0 busy a", "30 busy b"], bench.Fired);
    }

    [Fact]
    public void A_scheduled_time_outside_during_is_passed_over_and_says_so()
    {
        var rule = Some.Every("often", TimeSpan.FromMinutes(10)) with { Guards = new RuleGuards { During = [Some.Window("00:15-00:45")] } };
        var bench = new RuleBench(Some.Policies(rule), "h1");
        var early = bench.Look(10, new ScheduleEvent("often", RuleBench.At(10)));
        bench.Look(15);
        bench.Look(20, new ScheduleEvent("often", RuleBench.At(20)));

        Assert.Equal(["20 often site"], bench.Fired);
        Assert.Equal("outside 00:15-00:45 at 00:10:00", Assert.Single(early.Withheld).Because);
    }

    [Fact]
    public void A_scheduled_rule_cools_down_too_also_over_a_restart()
    {
        var policies = Some.Policies(Some.Every("often", TimeSpan.FromMinutes(10)) with { Cooldown = TimeSpan.FromMinutes(25) });
        var bench = new RuleBench(policies, "h1");
        foreach (var minute in new[] { 10, 20, 30, 40 })
        {
            bench.Look(minute, new ScheduleEvent("often", RuleBench.At(minute)));
            if (minute == 20) bench.Reload(policies, 20, TimeSpan.Zero);
        }

        Assert.Equal(["10 often site", "40 often site"], bench.Fired);
    }

    private static RuleBench Bench(RuleGuards guards) => new(Some.Policies(Hot with { Guards = guards }), "h1");
}
