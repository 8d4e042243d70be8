using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Facts;

public class DerivedFactsTests
{
    [Theory]
    [InlineData(HostState.On, "2")]
    [InlineData(HostState.Draining, "2")]
    [InlineData(HostState.Unreachable, "unknown: the host does not answer: what runs there is not known")]
    [InlineData(HostState.PoweringOn, "unknown: its host is powering on")]
    public void Host_vms(HostState state, string expected) =>
        Assert.Equal(expected, new FactScene().Host("h1", state).Vm("a", "h1").Vm("b", "h1").Read(HostVms, "h1"));

    [Fact]
    public void Memory_is_known_in_all_from_the_inventory_and_free_from_what_is_used()
    {
        var scene = new FactScene().Host("h1", gib: 64).Host("h2", gib: 64).Measure(HostMemory, "h1", 75);

        Assert.Equal("64GiB", scene.Read(HostMemoryTotal, "h1"));
        Assert.Equal("16GiB", scene.Read(HostMemoryFree, "h1"));
        Assert.Equal("unknown: not measured yet", scene.Read(HostMemoryFree, "h2"));
        Assert.Equal("1GiB", scene.Measure(HostMemoryFree, "h1", Some.GiB).Read(HostMemoryFree, "h1"));
    }

    [Fact]
    public void Power_is_the_curve_s_where_nothing_measured_it()
    {
        var scene = new FactScene().Host("h1").Host("h2").Host("h3").Host("off", HostState.Off).Measure(HostCpu, "h1", 50).Measure(HostCpu, "h2", 50).Measure(HostPower, "h2", 333);

        Assert.Equal("175W", scene.Read(HostPower, "h1"));
        Assert.Equal("333W", scene.Read(HostPower, "h2"));
        Assert.Equal("unknown: not measured yet", scene.Read(HostPower, "h3"));
        Assert.Equal("0W", scene.Read(HostPower, "off"));
    }

    [Fact]
    public void A_host_is_idle_for_as_long_as_it_is_known_to_run_nothing()
    {
        var scene = new FactScene().Host("h1").Host("h2").Host("h3").Vm("a", "h1").EmptyFor("h2", 7);

        Assert.Equal("0s", scene.Read(HostIdleFor, "h1"));
        Assert.Equal("7m", scene.Read(HostIdleFor, "h2"));
        Assert.Equal("unknown: since when it is empty is not known", scene.Read(HostIdleFor, "h3"));
    }

    [Fact]
    public void A_cluster_s_load_is_that_of_its_hosts_that_are_on_by_their_size()
    {
        var scene = new FactScene().Host("h1", cpus: 8, gib: 64).Host("h2", HostState.Draining, cpus: 24, gib: 192).Host("off", HostState.Off).Host("other", cluster: "b")
            .Measure(HostCpu, "h1", 80).Measure(HostCpu, "h2", 20, minutesAgo: 1).Measure(HostMemory, "h1", 50).Measure(HostMemory, "h2", 90).Measure(HostCpu, "other", 99);

        Assert.Equal("35%", scene.Read(ClusterCpu, "a"));
        Assert.Equal("80%", scene.Read(ClusterMemory, "a"));
        Assert.Equal(FactScene.Now.AddMinutes(-1), scene.Facts.Read(SubjectRef.Cluster("a"), ClusterCpu).At);
    }

    [Fact]
    public void A_cluster_s_load_is_unknown_where_that_of_a_host_is()
    {
        var scene = new FactScene().Host("h1").Host("h2").Measure(HostCpu, "h1", 80).Host("off", HostState.Off, "b");

        Assert.Equal("unknown: host.cpu of h2 is unknown: not measured yet", scene.Read(ClusterCpu, "a"));
        Assert.Equal("unknown: no host of cluster b is on", scene.Read(ClusterCpu, "b"));
        Assert.Equal("unknown: cluster c has no host", scene.Read(ClusterCpu, "c"));
    }

    [Fact]
    public void A_cluster_counts_its_hosts_and_vms()
    {
        var scene = new FactScene().Host("h1").Host("h2").Host("h3", HostState.Maintenance).Host("h4", HostState.Off).Host("h5", HostState.Failed).Host("x", cluster: "b")
            .Vm("a", "h1").Vm("b", "h1").Vm("c", "h3").EmptyFor("h2", 6);

        Assert.Equal(["5", "3", "1", "3"], new[] { ClusterHosts, ClusterHostsOn, ClusterHostsIdle, ClusterVms }.Select(a => scene.Read(a, "a")));
    }

    /// <summary>It may be on or off, and run anything: no figure of all hosts together can be told.</summary>
    [Fact]
    public void What_is_said_of_a_cluster_is_unknown_while_one_of_its_hosts_does_not_answer()
    {
        var scene = new FactScene().Host("h1").Host("h2", HostState.Unreachable).Vm("a", "h1").Vm("b", "h2").Measure(HostCpu, "h1", 80).Measure(HostCpu, "h2", 20).Measure(HostMemory, "h1", 5).Measure(HostMemory, "h2", 5).SilentFor("h2", 2);

        Assert.Equal("2", scene.Read(ClusterHosts, "a"));
        foreach (var attribute in new[] { ClusterHostsOn, ClusterHostsIdle, ClusterCpu, ClusterMemory })
            Assert.Equal("unknown: host h2 does not answer: whether it is on is not known", scene.Read(attribute, "a"));
        Assert.Equal("unknown: host h2 does not answer: what runs there is not known", scene.Read(ClusterVms, "a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_missed_poll_changes_nothing_of_a_cluster(double minutes)
    {
        var scene = new FactScene().Host("h1").Host("h2", HostState.Unreachable).Vm("a", "h1").Vm("b", "h2").Measure(HostCpu, "h1", 80).Measure(HostCpu, "h2", 20, minutesAgo: 1).SilentFor("h2", minutes);

        Assert.Equal(["2", "2", "50%"], new[] { ClusterHostsOn, ClusterVms, ClusterCpu }.Select(a => scene.Read(a, "a")));
        Assert.StartsWith("unknown: whether host h2 is idle is unknown", scene.Read(ClusterHostsIdle, "a"), StringComparison.Ordinal);
    }

    [Fact]
    public void How_many_hosts_are_idle_is_unknown_where_it_is_of_one() =>
        Assert.Equal("unknown: whether host h2 is idle is unknown: since when it is empty is not known", new FactScene().Host("h1").Host("h2").Vm("a", "h1").Read(ClusterHostsIdle, "a"));

    [Fact]
    public void A_vm_s_memory_is_the_inventory_s_where_nothing_measured_it()
    {
        var scene = new FactScene().Host("h1").Host("off", HostState.Off).Vm("a", "h1").Vm("b", "h1").Vm("c", "off").Measure(VmMemory, "b", Some.GiB);

        Assert.Equal(["4GiB", "1GiB", "unknown: its host is off"], new[] { "a", "b", "c" }.Select(v => scene.Read(VmMemory, v)));
    }

    [Fact]
    public void A_munin_field_is_read_like_any_other()
    {
        var fan = Munin(SubjectKind.Host, "sensors_fan.fan1");

        Assert.Equal("900", new FactScene().Host("h1").Measure(fan, "h1", 900).Read(Munin(SubjectKind.Host, "sensors_fan.fan1"), "h1"));
    }

    [Fact]
    public void What_is_too_old_says_how_old() =>
        Assert.Equal("unknown: last measured 4m ago, stale after 3m", new FactScene().Host("h1").Measure(HostCpu, "h1", 50, minutesAgo: 4).Read(HostCpu, "h1"));
}
