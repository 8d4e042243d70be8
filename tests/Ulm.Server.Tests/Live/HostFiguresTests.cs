using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Munin;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class HostFiguresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // The fields of munin's cpu plugin are per cent of one CPU and add up to 100 times their number.
    [InlineData("user=60 system=20 nice=0 idle=120 iowait=0", 40)]
    [InlineData("user=0 system=0 nice=0 idle=400 iowait=0", 0)]
    [InlineData("user=100 system=60 nice=20 irq=5 softirq=10 steal=5 idle=0 iowait=0", 100)]
    [InlineData("user=50 system=0 nice=0 idle=25 iowait=25", 50)]
    [InlineData("user=50 system=10 nice=0 idle=40 iowait=0 guest=50", 60)]
    [InlineData("user=60 system=20 idle=120", 40)]
    public void Cpu_is_the_share_that_is_neither_idle_nor_waiting(string fields, double expected) =>
        Assert.Equal(expected, Of("host.cpu", "cpu", fields).Value);

    [Theory]
    [InlineData("host.cpu.iowait", "user=50 system=10 idle=40 iowait=100 steal=0", 50)]
    [InlineData("host.cpu.steal", "user=50 system=10 idle=40 iowait=50 steal=50", 25)]
    [InlineData("host.cpu.steal", "user=50 system=10 idle=40 steal=0", 0)]
    public void Waiting_and_stolen_time_are_shares_of_all_CPUs(string attribute, string fields, double expected) => Assert.Equal(expected, Of(attribute, "cpu", fields).Value);

    [Theory]
    [InlineData("host.cpu", "user=60 system=20", "plugin `cpu` of h1's munin-node has no field `idle`")]
    [InlineData("host.cpu", "user=0 system=0 idle=0", "the fields that it is a share of add up to nothing")]
    [InlineData("host.cpu", "user=60 idle=120", "plugin `cpu` of h1's munin-node has no field `system`")]
    [InlineData("host.cpu", "user=U system=20 idle=120", "cpu.user of h1's munin-node: U")]
    [InlineData("host.cpu", "user=60 system=20 idle=120 steal=U", "cpu.steal of h1's munin-node: U")]
    [InlineData("host.cpu", "user=60 system=20 idle=120 iowait=U", "cpu.iowait of h1's munin-node: U")]
    [InlineData("host.cpu.steal", "user=60 system=20 idle=120", "plugin `cpu` of h1's munin-node has no field `steal`")]
    public void Cpu_is_not_guessed_from_half_the_fields(string attribute, string fields, string because) => Assert.Equal(because, Of(attribute, "cpu", fields).UnknownBecause);

    [Theory]
    [InlineData("free=200 cached=80", "plugin `memory` of h1's munin-node has no field `apps`")]
    [InlineData("apps=600", "plugin `memory` of h1's munin-node has no field `free`")]
    [InlineData("apps=600 free=200 slab=U", "memory.slab of h1's munin-node: U")]
    [InlineData("apps=600 free=200 cached=U", "memory.cached of h1's munin-node: U")]
    public void Memory_is_not_guessed_from_half_the_fields(string fields, string because) => Assert.Equal(because, Of("host.memory", "memory", fields).UnknownBecause);

    [Theory]
    [InlineData("apps=600 page_tables=50 slab=50 free=200 cached=80 buffers=20 swap_cache=0", 70)]
    [InlineData("apps=0 free=1000 cached=0 buffers=0", 0)]
    [InlineData("apps=300 shmem=300 per_cpu=50 slab=50 free=200 cached=100", 70)]
    [InlineData("apps=700 vmalloc_used=500 free=300", 70)]   // what is mapped there is counted in apps
    public void Memory_is_what_is_neither_free_nor_given_back_on_demand(string fields, double expected) =>
        Assert.Equal(expected, Of("host.memory", "memory", fields).Value);

    [Fact]
    public void Swap_in_use_is_told_as_a_share_of_memory() => Assert.Equal(25, Of("host.swap", "memory", "apps=600 free=400 swap=250").Value);

    [Fact]
    public void Load_is_divided_by_the_processors() => Assert.Equal(1.5, Of("host.load", "load", "load=12", cpus: 8).Value);

    [Fact]
    public void Uptime_comes_in_days() => Assert.Equal(129_600, Of("host.uptime", "uptime", "uptime=1.5").Value);

    [Fact]
    public void Network_traffic_is_added_up_over_the_physical_interfaces()
    {
        var answer = Answer(("if_eth0", "down=100 up=10"), ("if_enp3s0", "down=200 up=20"), ("if_br0", "down=300 up=30"), ("if_vnet4", "down=9 up=9"), ("if_err_eth0", "down=7 up=7"));
        Assert.Equal((300, 30), (Of("host.net.in", answer).Value, Of("host.net.out", answer).Value));
        Assert.Equal("h1's munin-node has no plugin `if_*` of a physical interface", Of("host.net.in", Answer(("if_br0", "down=1 up=1"))).UnknownBecause);
        Assert.Equal("if_eth1.down of h1's munin-node: U", Of("host.net.in", Answer(("if_eth0", "down=100"), ("if_eth1", "down=U"))).UnknownBecause);
    }

    [Fact]
    public void Disk_traffic_is_added_up_over_the_physical_disks()
    {
        var readings = Readings("diskstats_throughput", "sda_rdbytes=100 sda_wrbytes=10 nvme0n1_rdbytes=200 nvme0n1_wrbytes=20 vg0_root_rdbytes=300 md0_wrbytes=30 sda_rdio=4");
        var answer = Answer() with { Plugins = ["diskstats"], Asked = ["diskstats"], Poll = new MuninPoll(Noon, readings, new Dictionary<string, MuninException>()) };
        Assert.Equal((300, 30), (Of("host.disk.read", answer).Value, Of("host.disk.write", answer).Value));
        Assert.Equal("plugin `diskstats` of h1's munin-node shows no physical disk in use",
            Of("host.disk.read", answer with { Poll = new MuninPoll(Noon, Readings("diskstats_throughput", "dm_0_rdbytes=1"), new Dictionary<string, MuninException>()) }).UnknownBecause);
        Assert.Equal("h1's munin-node has no plugin `diskstats`", Of("host.disk.read", Answer()).UnknownBecause);
    }

    [Theory]
    [InlineData("ipmi_power", "System_Level=240 PS1_Input=130 PS2_Input=125", 240)]
    [InlineData("ipmi_power", "PS1_Input=130 PS2_Input=125", 255)]
    [InlineData("sensors_power", "power1=95", 95)]
    public void Power_is_the_sensor_of_the_whole_machine_or_the_sum(string plugin, string fields, double expected) => Assert.Equal(expected, Of("host.power", plugin, fields).Value);

    [Fact]
    public void Power_without_a_sensor_is_unknown() =>
        Assert.Equal("h1's munin-node has neither plugin `ipmi_power` nor `sensors_power`", Of("host.power", Answer()).UnknownBecause);

    [Theory]
    [InlineData("sensors_fan.fan1", "sensors_fan", "fan1=900 fan2=U", 900.0, null)]
    [InlineData("sensors_fan.fan2", "sensors_fan", "fan1=900 fan2=U", null, "sensors_fan.fan2 of h1's munin-node: U")]
    [InlineData("sensors_fan.fan3", "sensors_fan", "fan1=900", null, "plugin `sensors_fan` of h1's munin-node has no field `fan3`")]
    [InlineData("sensors_fan.fan1", "cpu", "idle=1", null, "h1's munin-node has no plugin `sensors_fan`")]
    public void Any_field_of_any_plugin_can_be_read(string field, string plugin, string fields, double? value, string? because)
    {
        var figure = HostFigures.Of(PolicyAttribute.Munin(SubjectKind.Host, field), 4, Answer((plugin, fields)))!.Value;
        Assert.Equal((value, because), (figure.IsKnown ? figure.Value : null, figure.UnknownBecause));
    }

    [Fact]
    public void What_no_plugin_tells_is_said_once_for_all_attributes_that_rest_on_it()
    {
        PolicyAttribute[] reads = [PolicyAttribute.HostCpu, PolicyAttribute.HostDiskRead, PolicyAttribute.HostDiskWrite, PolicyAttribute.Munin(SubjectKind.Host, "sensors_fan.fan1"), PolicyAttribute.VmCpu];
        Assert.Equal(
            [
                "h1's munin-node has no plugin `diskstats`; host.disk.read, host.disk.write are unknown there",
                "h1's munin-node has no plugin `sensors_fan`; host.munin[\"sensors_fan.fan1\"] is unknown there",
            ],
            HostFigures.Lacking(reads, Answer(("cpu", "idle=1"))).Select(l => l.Because));
    }

    [Fact]
    public void Every_attribute_of_a_host_has_a_source()
    {
        // These follow from the inventory and from others.
        PolicyAttribute[] derived = [PolicyAttribute.HostVms, PolicyAttribute.HostMemoryFree, PolicyAttribute.HostMemoryTotal, PolicyAttribute.HostIdleFor];
        Assert.All(PolicyAttribute.All.Where(a => a.Subject == SubjectKind.Host).Except(derived), a => Assert.NotNull(HostFigures.Of(a, 4, Answer())));
    }

    private static Figure Of(string attribute, string plugin, string fields, int cpus = 4) => Of(attribute, Answer((plugin, fields)), cpus);

    private static Figure Of(string attribute, MuninAnswer answer, int cpus = 4) => HostFigures.Of(PolicyAttribute.All.Single(a => a.Name == attribute), cpus, answer)!.Value;

    internal static MuninAnswer Answer(params (string Plugin, string Fields)[] plugins)
    {
        var names = plugins.Select(p => p.Plugin).ToImmutableHashSet();
        var readings = plugins.SelectMany(p => Readings(p.Plugin, p.Fields)).ToDictionary();
        return new MuninAnswer("h1", names, new Dictionary<string, string?>(), names, new MuninPoll(Noon, readings, new Dictionary<string, MuninException>()));
    }

    private static Dictionary<string, MuninReading> Readings(string graph, string fields) => fields.Split(' ').Select(f => f.Split('=')).ToDictionary(
        f => $"{graph}.{f[0]}",
        f => f[1] == "U" ? new MuninReading(null, Noon, "U") : new MuninReading(double.Parse(f[1], System.Globalization.CultureInfo.InvariantCulture), Noon, null));
}
