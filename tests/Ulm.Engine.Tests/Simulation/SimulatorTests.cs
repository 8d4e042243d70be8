using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>Sites small enough to add up by hand. A host of 8 CPUs draws 100 W idle and 250 W at full load, and nothing when off.</summary>
public class SimulatorTests
{
    private static readonly DateTimeOffset Noon = Some.Monday.AddHours(12);

    [Fact]
    public void Energy_of_a_site_that_nothing_happens_to()
    {
        var result = Simulate([Some.Vm("a", "h1", vcpus: 2)], PolicySet.Empty, ("a", 100));

        // h1 at 25 %: 137.5 W; h2 idle: 100 W; an hour of both.
        Assert.Equal(0.2375, result.EnergyKWh, 12);
        Assert.Equal(0.2375, result.EnergyKWhWithoutPolicies, 12);
        Assert.Equal(2, result.MeanHostsOn, 12);
    }

    [Fact]
    public void Energy_of_a_site_of_which_a_host_goes_off()
    {
        var result = Simulate([Some.Vm("a", "h1", vcpus: 2)], Some.Policies(Some.At("off", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0))), ("a", 100));

        // h2 is shut down from 12:10:00 to 12:10:30.
        Assert.Equal((137.5 * 3600 + 100 * 630) / 3.6e6, result.EnergyKWh, 12);
        Assert.Equal(0.2375, result.EnergyKWhWithoutPolicies, 12);
        Assert.Equal((3600 + 630) / 3600.0, result.MeanHostsOn, 12);
        Assert.Equal((1, 0), (result.HostPowerCycles, result.Migrations));
    }

    /// <summary>h1 is idle for an hour. h2 boots for two minutes at full power and is on, or shuts down for half a minute and is off.</summary>
    [Theory]
    [InlineData(HostState.PoweringOn, HostState.On, 250 * 120 + 100 * 3480)]
    [InlineData(HostState.PoweringOff, HostState.Off, 100 * 30)]
    public void A_host_that_a_snapshot_finds_on_its_way_gets_there(HostState found, HostState becomes, double joules)
    {
        var site = new Site([Some.Host("h1"), Some.Host("h2", found)], []);

        var result = new Simulator(new SimulationRequest(site, new ConstantLoad(new Dictionary<string, double>()), PolicySet.Empty, Noon, TimeSpan.FromHours(1), new LoopOptions())).Run();

        Assert.Equal(becomes, result.Final.Host("h2").State);
        Assert.Equal((100 * 3600 + joules) / 3.6e6, result.EnergyKWh, 12);
        Assert.Equal(result.EnergyKWh, result.EnergyKWhWithoutPolicies, 12);
        Assert.Equal(0, result.HostPowerCycles);
    }

    [Fact]
    public void A_host_goes_off_as_soon_as_it_was_idle_for_its_time_however_long_the_polls_are_apart()
    {
        var night = Some.Policies(Some.At("off", new TimeOnly(12, 20), DaysOfWeek.Daily, new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)));
        var site = new Site([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", gib: 8), Some.Vm("b", "h2", gib: 4)]);
        var options = new LoopOptions { PollingInterval = TimeSpan.FromMinutes(20), Executor = new() { LookAgain = TimeSpan.FromMinutes(20) } };

        var result = new Simulator(new SimulationRequest(site, new ConstantLoad(new Dictionary<string, double>()), night, Noon, TimeSpan.FromHours(1), options)).Run();

        var moved = Noon.AddMinutes(20).AddSeconds(2 + 4 * Some.GiB / 125e6);
        Assert.Equal(moved.AddMinutes(5).AddSeconds(30), result.Journal[^1].At, TimeSpan.FromSeconds(0.001));
        Assert.Equal(1, result.HostPowerCycles);
    }

    /// <summary>Packed to 91 % memory, h1 would shed to h2 within minutes.</summary>
    [Fact]
    public void What_is_packed_is_not_balanced_away_again()
    {
        var policies = Some.Policies(
            Some.Every("pack", TimeSpan.FromHours(1), new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)),
            Some.When("even", Some.Above(PolicyAttribute.HostMemory, 85), TimeSpan.FromMinutes(3), new PolicyAction.Balance(Resource.Memory, 10)));
        var site = new Site([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1", gib: 20), Some.Vm("a2", "h1", gib: 20), Some.Vm("b", "h2", gib: 30), Some.Vm("c", "h3", gib: 18)]);

        var result = new Simulator(new SimulationRequest(site, new ConstantLoad(new Dictionary<string, double>()), policies, Noon.AddMinutes(-10), TimeSpan.FromHours(12), new LoopOptions())).Run();

        var moves = result.Journal.Where(e => e is { Kind: JournalKind.Begun, Subject: { } about } && about.StartsWith("vm/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(moves);
        Assert.All(moves, m => Assert.Equal("pack", m.Rule));
        Assert.Equal(moves.Count, moves.Select(m => m.Subject).Distinct().Count());
        Assert.Empty(result.Violations);
    }

    /// <summary>The large VM of h1 waits until the small one of h2 has left; the tiny one, which goes to h2 as well, need not.</summary>
    [Fact]
    public void A_move_that_waits_for_room_keeps_no_other_out()
    {
        var night = Some.Policies(Some.At("night", new TimeOnly(12, 5), DaysOfWeek.Daily, new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)));
        string[] rows = ["h1", "h2", "h3", "h4"];
        var site = new Site(
            [.. rows.Select(h => Some.Host(h)), Some.Host("h5")],
            [.. rows.SelectMany(h => (Vm[])[Some.Vm($"{h}-large", h, gib: 28), Some.Vm($"{h}-small", h, gib: 14)]), Some.Vm("tiny", "h5", gib: 4)]);

        var result = new Simulator(new SimulationRequest(site, new ConstantLoad(new Dictionary<string, double>()), night, Noon, TimeSpan.FromHours(2), new LoopOptions())).Run();

        Assert.DoesNotContain(result.Journal, e => e.Text.Contains("GiB +", StringComparison.Ordinal));
        Assert.Equal((4, 2, 0), (result.Migrations, result.HostPowerCycles, result.Violations.Length));
    }

    [Fact]
    public void Slatah_is_the_mean_over_hosts_of_the_share_of_their_active_time_at_full_cpu()
    {
        var trace = new TraceLoad(
            Noon, TimeSpan.FromMinutes(15), new Dictionary<string, double[]> { ["a"] = [100, 50, 50, 50], ["b"] = [50] }, new ConstantLoad(new Dictionary<string, double>()));
        var result = Simulate([Some.Vm("a", "h1", vcpus: 8), Some.Vm("b", "h2", vcpus: 8)], PolicySet.Empty, trace);

        Assert.Equal((0.25 + 0) / 2, result.Slatah, 12);
        Assert.Equal(0, result.Pdm);
    }

    [Fact]
    public void Pdm_is_the_mean_over_vms_of_a_tenth_of_their_cpu_while_they_migrate()
    {
        var relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu));
        var result = Simulate([Some.Vm("a", "h1", gib: 1, vcpus: 6), Some.Vm("b", "h1", vcpus: 1)], Some.Policies(relieve), ("a", 100), ("b", 100));

        // 1 GiB at 1000 Mbit/s, and two seconds to set up and hand over.
        var seconds = TimeSpan.FromSeconds(2 + Some.GiB / 125e6).TotalSeconds;
        Assert.Equal(1, result.Migrations);
        Assert.Equal((0.1 * seconds / 3600 + 0) / 2, result.Pdm, 9);
    }

    [Fact]
    public void The_same_request_gives_the_same_result()
    {
        var first = Run();
        var second = Run();

        Assert.Equal(first with { Journal = [], Violations = [], Final = Site.Empty }, second with { Journal = [], Violations = [], Final = Site.Empty });
        Assert.Equal(first.Journal.Select(e => $"{e.At:O} {e.Decision} {e.Step} {e.Text}"), second.Journal.Select(e => $"{e.At:O} {e.Decision} {e.Step} {e.Text}"));
        Assert.Equal(first.Final.Vms.Select(v => v.Host), second.Final.Vms.Select(v => v.Host));
        Assert.Empty(first.Violations);
        Assert.True(first.Migrations > 0 && first.HostPowerCycles > 0);
        Assert.True(first.EnergyKWh < first.EnergyKWhWithoutPolicies);

        static SimulationResult Run() => new Simulator(new SimulationRequest(
            new Site(Enumerable.Range(1, 12).Select(i => Some.Host($"host{i:00}")), Enumerable.Range(0, 80).Select(i => Some.Vm($"vm{i:00}", $"host{i % 12 + 1:00}"))),
            new DailyLoad(1), Some.FirstTwoSentences, Some.Monday, TimeSpan.FromDays(1.2), new LoopOptions())).Run();
    }

    private static SimulationResult Simulate(IEnumerable<Vm> vms, PolicySet policies, params (string Vm, double Percent)[] loads) =>
        Simulate(vms, policies, new ConstantLoad(loads.ToDictionary(l => l.Vm, l => l.Percent)));

    private static SimulationResult Simulate(IEnumerable<Vm> vms, PolicySet policies, ILoadModel load) => new Simulator(new SimulationRequest(
        new Site([Some.Host("h1"), Some.Host("h2")], vms), load, policies, Noon, TimeSpan.FromHours(1), new LoopOptions())).Run();
}
