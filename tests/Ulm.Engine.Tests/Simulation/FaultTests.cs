using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>What a run does about each kind of fault. At 00:10 the VM of h1 is to move to h2, and h1 is to go off.</summary>
public class FaultTests
{
    private static readonly DateTimeOffset Start = Some.Monday;

    [Fact]
    public void Without_faults_h1_is_emptied_and_goes_off()
    {
        var result = Run();

        Assert.Equal((1, 1), (result.Migrations, result.HostPowerCycles));
        Assert.Empty(result.Faults);
    }

    [Fact]
    public void A_migration_that_breaks_off_leaves_its_vm_where_it_was_and_the_host_on()
    {
        var result = Run(new SimulatedFault(FaultKind.MigrationFails));

        Assert.Equal((0, 0), (result.Migrations, result.HostPowerCycles));
        Assert.Equal("h1", result.Final.Vm("a").Host);
        Assert.Contains(result.Journal, e => e is { Kind: JournalKind.Ended, Outcome: "failed" } && e.Text.Contains("it still runs on h1"));
        Assert.Matches("the migration of vm a to h2 breaks off after [0-9.]+% of its memory", Assert.Single(result.Faults).Text);
    }

    [Fact]
    public void A_migration_that_stalls_is_aborted_after_the_time_it_may_take()
    {
        var result = Run(new SimulatedFault(FaultKind.MigrationStalls, Vms: "a*"));

        var end = Assert.Single(result.Journal, e => e is { Kind: JournalKind.Ended, Outcome: "failed" });
        Assert.Contains("aborted after 30m", end.Text);
        Assert.Equal(Start.AddMinutes(40), end.At);
    }

    [Theory]
    [InlineData("h1")]
    [InlineData("h2")]
    public void A_host_that_crashes_takes_the_migration_with_it_and_returns_with_its_vms(string crashed)
    {
        var result = Run(new SimulatedFault(FaultKind.HostCrash, crashed) { At = Start.AddMinutes(10).AddSeconds(20), For = TimeSpan.FromMinutes(30) });

        Assert.Equal("h1", result.Final.Vm("a").Host);
        Assert.Equal([HostState.On, HostState.On], result.Final.Hosts.Select(h => h.State));
        Assert.Contains(result.Journal, e => e is { Kind: JournalKind.Ended, Outcome: "in doubt" });
        Assert.Equal([$"host {crashed} crashes, for 30m", $"host {crashed} is back, and its VMs with it"], result.Faults.Select(f => f.Text));
        Assert.Contains(result.Journal, e => e.Kind == JournalKind.Fault && e.Text.Contains($"host {crashed} is unreachable"));
    }

    /// <summary>Nobody decides anything: h1 with its VM draws 137.5 W, idle and crashed it draws 100 W as h2 does.</summary>
    [Fact]
    public void A_crash_is_no_gain_of_the_policies()
    {
        var site = new Site([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 2)]);
        var result = new Simulator(new SimulationRequest(site, new ConstantLoad(new Dictionary<string, double> { ["a"] = 100 }), PolicySet.Empty, Start, TimeSpan.FromHours(2), new LoopOptions())
        {
            Faults = [new SimulatedFault(FaultKind.HostCrash) { At = Start.AddMinutes(30), For = TimeSpan.FromHours(1) }],
        }).Run();

        Assert.Equal(0.4375, result.EnergyKWh, 12);
        Assert.Equal(0.4375, result.EnergyKWhWithoutPolicies, 12);
        Assert.Equal(1, result.MeanHostsOn, 12);
        Assert.Equal(0, result.HostHoursOff);
    }

    [Fact]
    public void A_crashed_host_uses_no_cpu()
    {
        var crash = new SimulatedFault(FaultKind.HostCrash, "h2") { At = Start, For = TimeSpan.FromMinutes(30) };
        var result = new Simulator(Request(PolicySet.Empty, new ConstantLoad(new Dictionary<string, double> { ["b"] = 100 }), crash)).Run();

        // h1 idles for an hour; h2 for half of one, then 2 of its 8 CPUs are busy.
        Assert.Equal((100 * 3600 + 100 * 1800 + 137.5 * 1800) / 3.6e6, result.EnergyKWh, 9);
    }

    [Fact]
    public void Nothing_is_decided_on_a_host_whose_munin_node_is_silent()
    {
        var relieve = Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 20), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu)));
        var load = new ConstantLoad(new Dictionary<string, double> { ["b"] = 100 });
        var silent = new SimulatedFault(FaultKind.MuninSilent, "h2") { At = Start, For = TimeSpan.FromMinutes(30) };

        var first = new Simulator(Request(relieve, load, silent)).Run().Journal.First(e => e.Kind == JournalKind.Decision);

        Assert.Equal(Start.AddMinutes(30), first.At);
    }

    [Fact]
    public void A_hypervisor_that_is_silent_keeps_its_host_from_going_off()
    {
        var result = Run(new SimulatedFault(FaultKind.LibvirtSilent, "h1") { At = Start.AddMinutes(12) });

        Assert.Equal((1, 0), (result.Migrations, result.HostPowerCycles));
        Assert.Contains(result.Journal, e => e.Outcome == "ULM6207" && e.Text.Contains("power off host h1: it does not answer"));
    }

    [Fact]
    public void A_bmc_that_refuses_leaves_the_host_on()
    {
        var result = Run(new SimulatedFault(FaultKind.BmcRefuses, "h1"));

        Assert.Equal((1, 0), (result.Migrations, result.HostPowerCycles));
        Assert.Contains(result.Journal, e => e.Outcome == "failed" && e.Text.Contains("the BMC of h1 refuses"));
    }

    [Fact]
    public void The_power_of_a_host_that_does_not_shut_down_is_cut()
    {
        var result = Run(new SimulatedFault(FaultKind.ShutdownHangs, "h1"));

        Assert.Equal(1, result.HostPowerCycles);
        Assert.Equal("host h1 does not shut down", Assert.Single(result.Faults).Text);
    }

    [Fact]
    public void A_host_that_does_not_wake_is_off_again_and_its_step_has_failed()
    {
        var wake = Some.Policies(Some.At("wake", new TimeOnly(0, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)));
        var request = Request(wake, new ConstantLoad(new Dictionary<string, double>()), new SimulatedFault(FaultKind.WakeFails));
        request = request with { Site = request.Site.With(h => h.Name == "h1" ? h with { State = HostState.Off } : h) };
        request = request with { Site = new Site(request.Site.Hosts, request.Site.Vms.Where(v => v.Host == "h2")) };

        var result = new Simulator(request).Run();

        Assert.Equal(HostState.Off, result.Final.Host("h1").State);
        Assert.Equal(0, result.HostPowerCycles);
        Assert.Contains(result.Journal, e => e.Outcome == "failed" && e.Text.Contains("it does not answer after 10m"));
        // Booting draws all a host can, for two minutes.
        Assert.Equal((100 * 3600 + 250 * 120) / 3.6e6, result.EnergyKWh, 9);
    }

    [Fact]
    public void What_is_left_to_chance_is_the_same_for_a_seed_and_another_for_another()
    {
        var often = new SimulatedFault(FaultKind.HostCrash) { Every = TimeSpan.FromMinutes(10), For = TimeSpan.FromMinutes(1) };

        Assert.Equal(Struck(1), Struck(1));
        Assert.NotEqual(Struck(1), Struck(2));
        Assert.InRange(Struck(1).Count(t => t.Contains("crashes")), 4, 24);

        List<string> Struck(int seed) => [.. new Simulator(Request(PolicySet.Empty, new ConstantLoad(new Dictionary<string, double>()), often) with { FaultSeed = seed })
            .Run().Faults.Select(f => $"{f.At:O} {f.Text}")];
    }

    [Fact]
    public void A_chance_strikes_as_often_as_it_says()
    {
        var wake = Some.Policies(Some.At("wake", new TimeOnly(0, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(300)));
        var request = Request(wake, new ConstantLoad(new Dictionary<string, double>()), new SimulatedFault(FaultKind.WakeFails) { Chance = 0.3 });

        var result = new Simulator(request with { Site = new Site(Enumerable.Range(1, 300).Select(i => Some.Host($"h{i}", HostState.Off)), []) }).Run();

        Assert.InRange(result.Faults.Length, 70, 110);
        Assert.Equal(300 - result.Faults.Length, result.Final.Hosts.Count(h => h.State == HostState.On));
    }

    /// <summary>Whatever goes wrong, no VM is lost and no safety rule broken.</summary>
    [Fact]
    public void No_fault_makes_a_run_unsafe() => Gen.Select(Gen.Int[1, 1000], Gen.Int[0, 255]).Sample(
        (seed, kinds) =>
        {
            var faults = Enum.GetValues<FaultKind>().Where((_, i) => (kinds >> i & 1) == 1).Select(kind => kind is FaultKind.HostCrash or FaultKind.LibvirtSilent or FaultKind.MuninSilent
                ? new SimulatedFault(kind) { Every = TimeSpan.FromHours(8), For = TimeSpan.FromMinutes(25) } : new SimulatedFault(kind) { Chance = 0.3 });
            var site = new Site(Enumerable.Range(1, 6).Select(i => Some.Host($"h{i}")), Enumerable.Range(0, 30).Select(i => Some.Vm($"v{i:00}", $"h{i % 6 + 1}", gib: 6)));
            var policies = Some.FirstTwoSentences;
            policies = policies with { Rules = policies.Rules.Add(Some.At("morning", new TimeOnly(6, 0), DaysOfWeek.Daily, new PolicyAction.PowerOn(6))) };

            var result = new Simulator(new SimulationRequest(site, new DailyLoad(seed), policies, Start, TimeSpan.FromDays(1.3), new LoopOptions())
            {
                Faults = [.. faults],
                FaultSeed = seed,
            }).Run();

            Assert.Empty(result.Violations);
            Assert.Equal(30, result.Final.Vms.Length);
        },
        iter: 12, threads: 1);

    private static SimulationResult Run(params SimulatedFault[] faults)
    {
        var policies = Some.Policies(Some.At("night", new TimeOnly(0, 10), DaysOfWeek.Daily, new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)));
        var result = new Simulator(Request(policies, new ConstantLoad(new Dictionary<string, double>()), faults)).Run();
        Assert.Empty(result.Violations);
        return result;
    }

    private static SimulationRequest Request(PolicySet policies, ILoadModel load, params SimulatedFault[] faults) => new(
        new Site([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", gib: 4), Some.Vm("b", "h2", gib: 8)]), load, policies, Start, TimeSpan.FromHours(1), new LoopOptions())
    {
        Faults = [.. faults],
    };
}
