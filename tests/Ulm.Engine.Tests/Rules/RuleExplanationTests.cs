using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Rules;

public class RuleExplanationTests
{
    private static readonly Condition HotAndNotFull = new Condition.And([Some.Above(HostCpu, 75), new Condition.Not(Some.Above(HostMemory, 90))]);

    [Theory]
    [InlineData(71, 50.0, "host.cpu would have to rise by 4 points to more than 75%")]
    [InlineData(80, 95.0, "host.memory would have to fall by 5 points to 90% or less")]
    [InlineData(71, 95.0, "host.cpu would have to rise by 4 points to more than 75%; host.memory would have to fall by 5 points to 90% or less")]
    [InlineData(80, null, "host.memory would have to be known: not measured yet")]
    [InlineData(80, 50.0, "")]
    public void It_says_what_would_have_to_change(double cpu, double? memory, string expected)
    {
        var bench = new RuleBench(Some.Policies(Some.When("r", HotAndNotFull, TimeSpan.FromMinutes(5))), "h1").Measure(0, HostCpu, "h1", cpu);
        if (memory is { } measured) bench.Measure(0, HostMemory, "h1", measured);
        bench.Look(0);

        Assert.Equal(expected, string.Join("; ", bench.Network.Explain("r", SubjectRef.Host("h1"))!.Needed));
    }

    [Theory]
    [InlineData(75.04, "host.cpu = 75.04% > 75%")]
    [InlineData(75.0003, "host.cpu = 75.0003% > 75%")]
    [InlineData(74.96, "host.cpu = 74.96% > 75% is false")]
    [InlineData(75.16, "host.cpu = 75.2% > 75%")]
    [InlineData(75, "host.cpu = 75% > 75% is false")]
    public void A_value_is_shown_as_exactly_as_it_takes_to_tell_it_from_its_mark(double cpu, string expected)
    {
        var bench = new RuleBench(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.FromMinutes(5))), "h1").Measure(0, HostCpu, "h1", cpu);
        bench.Look(0);

        Assert.Equal(expected, bench.Network.Explain("r", SubjectRef.Host("h1"))!.Condition!.ToString());
    }

    [Fact]
    public void Of_what_is_joined_by_or_one_is_enough()
    {
        var either = new Condition.Or([Some.Above(HostCpu, 75), Some.Tagged("hot")]);
        var bench = new RuleBench(Some.Policies(Some.When("r", either, TimeSpan.Zero)), "h1").Measure(0, HostCpu, "h1", 70);
        bench.Look(0);

        Assert.Equal(["host.cpu would have to rise by 5 points to more than 75%, or \"tagged \"hot\"\" would have to be true"], bench.Network.Explain("r", SubjectRef.Host("h1"))!.Needed);
    }

    [Fact]
    public void Of_a_pending_rule_it_says_since_when_and_when_it_fires()
    {
        var bench = new RuleBench(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.FromMinutes(10))), "h1").Minutes(0, 4, HostCpu, "h1", _ => 90);
        var explained = bench.Network.Explain("r", SubjectRef.Host("h1"))!;

        Assert.Equal((HoldState.Pending, TimeSpan.FromMinutes(4), RuleBench.At(10)), (explained.State, explained.InStateFor, explained.DueAt));
        Assert.Equal("host.cpu = 90% > 75%", Assert.Single(explained.Clauses).ToString());
        Assert.Null(explained.HeldBackBy);
    }

    [Fact]
    public void Of_one_that_has_fired_it_says_what_arms_it_again()
    {
        var simple = new RuleBench(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.Zero)), "h1").Minutes(0, 1, HostCpu, "h1", _ => 90);
        var twoMarks = new RuleBench(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.Zero) with { Until = Some.Below(HostCpu, 60) }), "h1").Minutes(0, 1, HostCpu, "h1", _ => 90);

        Assert.Equal("it has fired; to be armed again host.cpu would have to fall by 15 points to 75% or less", Assert.Single(Explain(simple).Needed));
        Assert.Equal("it has fired; to be armed again host.cpu would have to fall by 30 points to less than 60%", Assert.Single(Explain(twoMarks).Needed));

        static RuleExplanation Explain(RuleBench bench) => bench.Network.Explain("r", SubjectRef.Host("h1"))!;
    }

    [Fact]
    public void It_names_what_is_being_done_to_the_subject()
    {
        var bench = new RuleBench(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.Zero)), "h1");
        bench.Busy(SubjectRef.Host("h1"), true);
        bench.Minutes(0, 1, HostCpu, "h1", _ => 90);

        Assert.Equal("busy", bench.Network.Explain("r", SubjectRef.Host("h1"))!.HeldBackBy!.ToString());
    }

    [Fact]
    public void Of_a_cooldown_it_says_how_long_it_still_runs()
    {
        var rule = Some.When("r", Some.Above(HostCpu, 75), TimeSpan.Zero) with { Cooldown = TimeSpan.FromMinutes(30) };
        var bench = new RuleBench(Some.Policies(rule), "h1").Minutes(0, 10, HostCpu, "h1", m => m == 0 ? 90 : 20);
        var explained = bench.Network.Explain("r", SubjectRef.Host("h1"))!;

        Assert.Equal((HoldState.Cooling, RuleBench.At(30)), (explained.State, explained.CoolUntil));
        Assert.Equal("cooling down for host/h1 for another 20m", explained.HeldBackBy!.ToString());
    }

    [Fact]
    public void Of_a_scheduled_rule_it_says_what_holds_it_back()
    {
        var rule = Some.Every("night", TimeSpan.FromHours(1)) with { Guards = new RuleGuards { During = [Some.Window("22:00-06:00")] } };
        var bench = new RuleBench(Some.Policies(rule), "h1");
        bench.Look(600);

        Assert.Equal("outside 22:00-06:00 at 10:00:00", bench.Network.Explain("night", null)!.HeldBackBy!.ToString());
    }

    [Fact]
    public void A_vm_s_rule_shows_what_was_read_of_its_host_and_cluster()
    {
        var condition = new Condition.And([Some.Above(VmCpu, 50), Some.Above(HostCpu, 75), Some.Above(ClusterCpu, 40)]);
        var bench = new RuleBench(Some.Policies(Some.WhenVm("r", condition, TimeSpan.Zero)), "h1").Vm("v", "h1").Measure(0, VmCpu, "v", 60).Measure(0, HostCpu, "h1", 80);
        bench.Look(0);

        Assert.Equal("vm.cpu = 60% > 50% and host.cpu = 80% > 75% and cluster.cpu = 80% > 40%", bench.Network.Explain("r", SubjectRef.Vm("v"))!.Condition!.ToString());
    }
}
