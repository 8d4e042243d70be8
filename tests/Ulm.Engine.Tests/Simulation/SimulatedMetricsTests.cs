using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>Every attribute has a model, a row of given figures, or a reason why it is unknown; none is silently zero.</summary>
public class SimulatedMetricsTests
{
    private static readonly VirtualTime Time = new(Some.Monday);
    private static readonly PolicyAttribute FanSpeed = PolicyAttribute.Munin(SubjectKind.Host, "sensors_fan.fan1");

    [Theory]
    [InlineData("host.cpu", 25)]
    [InlineData("host.load", 0.25)]
    [InlineData("host.memory", 12.5)]
    [InlineData("host.swap", 0)]
    [InlineData("host.cpu.steal", 0)]
    [InlineData("host.power", 137.5)]
    public async Task A_host_is_modelled(string attribute, double expected) => Assert.Equal(expected, await HostAsync(new MetricReplay(), Named(attribute)));

    [Theory]
    [InlineData("host.cpu.iowait", "a simulation has no source of host.cpu.iowait; a trace with metric=host.cpu.iowait or a test's series gives it figures")]
    [InlineData("host.net.in", "a simulation has no source of host.net.in; a trace with metric=host.net.in or a test's series gives it figures")]
    [InlineData("host.uptime", "host/h1 was on before the simulation began, nobody knows for how long")]
    public async Task What_has_no_model_is_unknown_for_a_reason(string attribute, string because)
    {
        var observation = await ObserveAsync(Site(), new MetricReplay(), Named(attribute));
        Assert.Empty(observation.Measurements);
        Assert.Equal(because, observation.Unmeasured.First(u => u.Subject == SubjectRef.Host("h1")).Because);
    }

    [Fact]
    public async Task Every_attribute_is_measured_or_its_absence_explained()
    {
        PolicyAttribute[] derived =
            [PolicyAttribute.HostVms, PolicyAttribute.HostMemoryFree, PolicyAttribute.HostMemoryTotal, PolicyAttribute.HostIdleFor];
        foreach (var attribute in PolicyAttribute.All.Where(a => a.Subject != SubjectKind.Cluster).Except(derived).Append(FanSpeed))
        {
            var observation = await ObserveAsync(Site(), new MetricReplay(), attribute);
            var subjects = observation.Measurements.Select(m => m.Subject).Concat(observation.Unmeasured.Select(u => u.Subject)).Select(s => s.Name).Order();
            Assert.Equal(attribute.Subject == SubjectKind.Host ? ["h1", "h2"] : ["a"], subjects);
        }
    }

    [Fact]
    public async Task Given_figures_go_before_the_model_and_a_missed_poll_is_missed()
    {
        var replay = new MetricReplay();
        replay.Add(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, Some.Monday, TimeSpan.FromMinutes(1), [90], repeats: false);
        replay.Add(SubjectRef.Host("h1"), FanSpeed, Some.Monday, TimeSpan.FromMinutes(1), [900], repeats: false);
        Assert.Equal(90, await HostAsync(replay, PolicyAttribute.HostCpu));
        Assert.Equal(900, await HostAsync(replay, FanSpeed));

        replay.Add(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, Some.Monday, TimeSpan.FromMinutes(1), [double.NaN], repeats: false);
        var observation = await ObserveAsync(Site(), replay, PolicyAttribute.HostCpu);
        Assert.DoesNotContain(observation.Measurements, m => m.Subject == SubjectRef.Host("h1"));
        Assert.Empty(observation.Unmeasured);
    }

    [Fact]
    public async Task A_given_vm_load_is_felt_by_the_host()
    {
        var replay = new MetricReplay();
        replay.Add(SubjectRef.Vm("a"), PolicyAttribute.VmCpu, Some.Monday, TimeSpan.FromMinutes(1), [40], repeats: false);
        Assert.Equal(10, await HostAsync(replay, PolicyAttribute.HostCpu));
    }

    [Fact]
    public async Task A_host_sends_and_reads_what_its_vms_do()
    {
        var replay = new MetricReplay();
        replay.Add(SubjectRef.Vm("a"), PolicyAttribute.VmNetIn, Some.Monday, TimeSpan.FromMinutes(1), [1000], repeats: false);
        Assert.Equal(1000, await HostAsync(replay, PolicyAttribute.HostNetIn));
        replay.Add(SubjectRef.Vm("b"), PolicyAttribute.VmDiskRead, Some.Monday, TimeSpan.FromMinutes(1), [1000], repeats: false);
        var observation = await ObserveAsync(Site(), replay, PolicyAttribute.HostDiskRead);
        Assert.Equal("host.disk.read is the sum of vm.disk.read, which is not known of vm a", Assert.Single(observation.Unmeasured).Because);
        Assert.Equal(0, Assert.Single(observation.Measurements).Value);   // h2 has no VM
    }

    [Theory]
    [InlineData(-5, false, 1.0)]
    [InlineData(0, false, 1.0)]
    [InlineData(90, false, 2.0)]
    [InlineData(600, false, 3.0)]
    [InlineData(60, true, 2.0)]
    [InlineData(180, true, 1.0)]
    [InlineData(-60, true, 3.0)]
    public void A_row_holds_each_value_until_the_next_and_ends_or_begins_again(int seconds, bool repeats, double expected)
    {
        var replay = new MetricReplay();
        replay.Add(SubjectRef.Host("h1"), FanSpeed, Some.Monday, TimeSpan.FromMinutes(1), [1, 2, 3], repeats);
        Assert.True(replay.TryRead(SubjectRef.Host("h1"), FanSpeed, Some.Monday.AddSeconds(seconds), out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public async Task Uptime_counts_from_a_start_within_the_simulation()
    {
        var time = new VirtualTime(Some.Monday);
        var site = new SimulatedSite(Site(), new ConstantLoad(new Dictionary<string, double>()), time);
        site.Stop("a");
        site.Start(Some.Vm("a", "h1"));
        time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);
        time.FireNext();
        var observation = await site.ObserveAsync(new HashSet<PolicyAttribute> { PolicyAttribute.VmUptime }, TestContext.Current.CancellationToken);
        Assert.Equal(300, Assert.Single(observation.Measurements).Value);
    }

    [Fact]
    public async Task A_host_that_fails_measures_nothing_and_keeps_its_vms()
    {
        var site = new SimulatedSite(Site(), new ConstantLoad(new Dictionary<string, double>()), Time);
        site.Fail("h1");
        var reads = new HashSet<PolicyAttribute> { PolicyAttribute.HostCpu, PolicyAttribute.VmCpu };
        var observation = await site.ObserveAsync(reads, TestContext.Current.CancellationToken);
        Assert.Equal([SubjectRef.Host("h2")], observation.Measurements.Select(m => m.Subject));
        Assert.Equal(("h1", HostState.Unreachable), (observation.Site.Vm("a").Host, observation.Site.Host("h1").State));
        site.Return("h1");
        observation = await site.ObserveAsync(reads, TestContext.Current.CancellationToken);
        Assert.Contains(observation.Measurements, m => m.Subject == SubjectRef.Vm("a") || m.Subject == SubjectRef.Host("h1"));
    }

    private static Site Site() => new([Some.Host("h1", gib: 32), Some.Host("h2", gib: 32)], [Some.Vm("a", "h1")]);

    private static PolicyAttribute Named(string name) => PolicyAttribute.All.Single(a => a.Name == name);

    private static Task<Observation> ObserveAsync(Site site, MetricReplay replay, PolicyAttribute attribute) =>
        new SimulatedSite(site, new ConstantLoad(new Dictionary<string, double> { ["a"] = 100 }), Time, replay)
            .ObserveAsync(new HashSet<PolicyAttribute> { attribute }, TestContext.Current.CancellationToken);

    private static async Task<double> HostAsync(MetricReplay replay, PolicyAttribute attribute) =>
        (await ObserveAsync(Site(), replay, attribute)).Measurements.Single(m => m.Subject == SubjectRef.Host("h1")).Value;
}
