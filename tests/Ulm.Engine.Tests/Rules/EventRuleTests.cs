using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Rules;

public class EventRuleTests
{
    private static readonly SubjectRef H1 = SubjectRef.Host("h1");
    private static readonly Rule Fails = Some.On("down", SubjectEvent.HostFails);

    [Fact]
    public void It_fires_once_for_each_time_it_happens()
    {
        var bench = Bench(Fails);
        Happen(bench, 1, SubjectEvent.HostFails);
        var fired = bench.Look(1);
        bench.Look(2);
        Happen(bench, 3, SubjectEvent.HostReturns);
        Happen(bench, 3, SubjectEvent.HostFails);
        bench.Look(3);

        Assert.Equal(["1 down h1", "3 down h1"], bench.Fired);
        Assert.Equal("host h1 failed", fired.Firings[0].Reason);
    }

    [Fact]
    public void Other_events_do_not_fire_it()
    {
        var bench = Bench(Fails);
        foreach (var other in Enum.GetValues<SubjectEvent>().Where(e => e is not SubjectEvent.HostFails and < SubjectEvent.VmStarts)) Happen(bench, 1, other);
        bench.Look(1);

        Assert.Empty(bench.Fired);
    }

    [Fact]
    public void Held_back_it_waits_as_long_as_what_happened_still_stands()
    {
        var guarded = Fails with { Guards = new RuleGuards { During = [Some.Window("00:10-00:20")] } };
        var stays = Bench(guarded);
        Happen(stays, 1, SubjectEvent.HostFails);
        stays.Look(5);
        Assert.Equal("outside 00:10-00:20 at 00:05:00", stays.Network.Explain("down", H1)!.HeldBackBy!.ToString());
        stays.Reload(Some.Policies(guarded), 6, TimeSpan.Zero);
        stays.Look(10);
        Assert.Equal(["10 down h1"], stays.Fired);

        var returns = Bench(guarded);
        Happen(returns, 1, SubjectEvent.HostFails);
        Happen(returns, 5, SubjectEvent.HostReturns);
        returns.Look(10);
        Assert.Empty(returns.Fired);
    }

    [Fact]
    public void Where_is_asked_when_it_happens()
    {
        var bench = Bench(Fails with { Guards = new RuleGuards { Where = Some.Tagged("prod") } }).Host("h2", "a", HostState.On, "prod");
        bench.Look(0);
        foreach (var host in new[] { "h1", "h2" }) bench.Network.Insert(new SiteEvent(SubjectEvent.HostFails, SubjectRef.Host(host)), RuleBench.At(1));
        bench.Look(1);

        Assert.Equal(["1 down h2"], bench.Fired);
    }

    [Fact]
    public void A_vm_that_has_stopped_is_judged_by_what_was_last_known_of_it()
    {
        var rule = Some.On("lost", SubjectEvent.VmStops) with { Guards = new RuleGuards { Where = Some.Tagged("db"), Unless = Some.Below(VmCpu, 10) } };
        var bench = Bench(rule).Vm("a", "h1", "db").Vm("b", "h1").Vm("c", "h1", "db").Measure(0, VmCpu, "a", 50).Measure(0, VmCpu, "b", 50).Measure(0, VmCpu, "c", 5);
        bench.Look(0);
        foreach (var vm in new[] { "a", "b", "c" })
        {
            bench.Network.Insert(new SiteEvent(SubjectEvent.VmStops, SubjectRef.Vm(vm)), RuleBench.At(1));
            bench.Network.Retract(SubjectRef.Vm(vm));
        }

        Assert.Equal(["vm/a"], bench.Network.Fire(RuleBench.At(1), _ => null).Firings.Select(f => f.Subject.ToString()));
    }

    [Fact]
    public void Within_its_cooldown_it_does_not_fire_again()
    {
        var bench = Bench(Fails with { Cooldown = TimeSpan.FromMinutes(10), CooldownPer = SubjectKind.Cluster }).Host("h2", "default");
        bench.Look(0);
        Happen(bench, 1, SubjectEvent.HostFails);
        bench.Look(1);
        bench.Network.Insert(new SiteEvent(SubjectEvent.HostFails, SubjectRef.Host("h2")), RuleBench.At(5));
        bench.Look(5);
        bench.Look(11);

        Assert.Equal(["1 down h1", "11 down h2"], bench.Fired);
    }

    private static RuleBench Bench(Rule rule)
    {
        var bench = new RuleBench(Some.Policies(rule), "h1");
        bench.Look(0);
        return bench;
    }

    private static void Happen(RuleBench bench, int minute, SubjectEvent happened) => bench.Network.Insert(new SiteEvent(happened, H1), RuleBench.At(minute));
}
