using Ulm.Dsl.Policies;
using Ulm.Munin;
using Ulm.Munin.Tests;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

/// <summary>Against Debian's munin-node with Debian's plugins and some of our own.</summary>
public class MuninSourceTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private static readonly string[] Debian = ["cpu", "memory", "load", "uptime"];

    private static readonly Dictionary<string, string> Own = new()
    {
        ["if_eth0"] = Script("down.type DERIVE\ndown.min 0\ndown.label d\nup.type DERIVE\nup.min 0\nup.label u", "down.value 1700000000:1000\nup.value 1700000000:500"),
        ["if_br0"] = Script("down.label d\nup.label u", "down.value 1\nup.value 1"),
        ["diskstats"] = Script("multigraph diskstats_throughput\nsda_rdbytes.label r\nsda_wrbytes.label w\nmultigraph diskstats_iops.sda\nrdio.label r",
            "multigraph diskstats_throughput\nsda_rdbytes.value 4096\nsda_wrbytes.value 8192\nmultigraph diskstats_iops.sda\nrdio.value 12"),
        ["sensors_power"] = Script("power1.label p", "power1.value 180"),
        ["libvirt-blkstat"] = Script("web_1_read.label web-1", "web_1_read.value 77"),
        ["odd"] = Script("multigraph strangely_named\nx.label x", "multigraph strangely_named\nx.value 3"),
        // Whoever asks it leaves a trace.
        ["tell_tale"] = "echo \"$1\" >> \"$MUNIN_PLUGSTATE/asked\"\n[ \"$1\" = config ] && { echo a.label a; exit 0; }\necho a.value 1\n",
    };

    private static string Script(string config, string values) => $"if [ \"$1\" = config ]; then printf '{config.Replace("\n", "\\n")}\\n'; exit 0; fi\nprintf '{values.Replace("\n", "\\n")}\\n'\n";

    [Fact]
    public async Task Everything_that_policies_read_is_measured()
    {
        await using var real = await RealMuninNode.StartAsync(Debian, Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var source = Source(node);
        var reads = PolicyAttribute.All.Where(a => a.Subject == SubjectKind.Host).Append(Munin("diskstats_iops.sda.rdio")).Append(Munin("strangely_named.x"))
            .Append(Munin("sensors_fan.fan1")).Append(Munin("odd.x")).ToHashSet();

        await source.PollAsync(reads, _ct);
        var answer = await source.PollAsync(reads, _ct);

        Assert.Null(answer.Silence);
        Assert.Empty(answer.Poll.Faults);
        Assert.InRange(Of(answer, PolicyAttribute.HostMemory).Value, 0.1, 100);
        Assert.True(Of(answer, PolicyAttribute.HostLoad).Value >= 0);
        Assert.True(Of(answer, PolicyAttribute.HostSwap).Value >= 0);
        Assert.True(Of(answer, PolicyAttribute.HostUptime).Value > 0);
        Assert.Equal((4096, 8192), (Of(answer, PolicyAttribute.HostDiskRead).Value, Of(answer, PolicyAttribute.HostDiskWrite).Value));
        Assert.Equal(180, Of(answer, PolicyAttribute.HostPower).Value);
        Assert.Equal(12, Of(answer, Munin("diskstats_iops.sda.rdio")).Value);
        Assert.Equal(3, Of(answer, Munin("strangely_named.x")).Value);
        Assert.Equal("h1's munin-node has no plugin `sensors_fan`", Of(answer, Munin("sensors_fan.fan1")).UnknownBecause);
        Assert.Equal("plugin `odd` of h1's munin-node has no field `x`", Of(answer, Munin("odd.x")).UnknownBecause);
        // Two looks with one stamp make no rate yet; the physical interface alone was looked at.
        Assert.Equal("if_eth0.down of h1's munin-node: a rate needs two samples, this is the first", Of(answer, PolicyAttribute.HostNetIn).UnknownBecause);
        Assert.DoesNotContain("if_br0", answer.Asked);
    }

    [Fact]
    public async Task Memory_adds_up_to_what_the_machine_has()
    {
        await using var real = await RealMuninNode.StartAsync(["memory"], Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var answer = await Source(node).PollAsync(new HashSet<PolicyAttribute> { PolicyAttribute.HostMemory }, _ct);
        var machine = File.ReadLines("/proc/meminfo").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(l => l[0].TrimEnd(':'), l => double.Parse(l[1]) * 1024);
        string[] parts = ["apps", "free", "page_tables", "slab", "per_cpu", "shmem", "cached", "buffers", "swap_cache"];
        Assert.Equal(machine["MemTotal"], parts.Where(p => answer.Has($"memory.{p}")).Sum(p => answer.Field($"memory.{p}").Value), 1.0);
        var kept = machine["MemFree"] + machine["Buffers"] + machine["Cached"] - machine["Shmem"];
        Assert.InRange(Of(answer, PolicyAttribute.HostMemory).Value, 100 - kept / machine["MemTotal"] * 100 - 10, 100 - kept / machine["MemTotal"] * 100 + 10);
    }

    [Fact]
    public async Task Plugins_that_nothing_reads_are_not_asked()
    {
        await using var real = await RealMuninNode.StartAsync(Debian, Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var source = Source(node);
        var byTheNodeItself = Trace(real);
        var answer = await source.PollAsync(new HashSet<PolicyAttribute> { PolicyAttribute.HostCpu, PolicyAttribute.VmCpu, PolicyAttribute.HostVms }, _ct);
        Assert.Equal(["cpu"], answer.Asked);
        Assert.Equal(byTheNodeItself, Trace(real));
        answer = await source.PollAsync(new HashSet<PolicyAttribute> { Munin("tell_tale.a"), PolicyAttribute.Munin(SubjectKind.Vm, "libvirt-blkstat.read") }, _ct);
        Assert.Equal(["libvirt-blkstat", "tell_tale"], answer.Asked.Order());
        Assert.Equal(77, VmMuninFields.Of("libvirt-blkstat.read", "web-1", ["web-1"], answer).Value);
        Assert.Equal([.. byTheNodeItself, "config", ""], Trace(real));
    }

    [Fact]
    public async Task All_fields_can_be_listed()
    {
        await using var real = await RealMuninNode.StartAsync(["load"], Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var fields = await Source(node).FieldsAsync(_ct);
        Assert.Superset(new HashSet<string> { "load.load", "diskstats_iops.sda.rdio", "libvirt-blkstat.web_1_read", "strangely_named.x" }, fields.ToHashSet());
    }

    [Fact]
    public async Task A_node_that_is_gone_is_silent_and_one_that_comes_back_is_listed_anew()
    {
        await using var real = await RealMuninNode.StartAsync(["load"], Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var source = Source(node);
        var reads = new HashSet<PolicyAttribute> { PolicyAttribute.HostLoad, Munin("late.x") };
        Assert.Equal("h1's munin-node has no plugin `late`", Of(await source.PollAsync(reads, _ct), Munin("late.x")).UnknownBecause);
        await real.KillAsync();
        Assert.NotNull((await source.PollAsync(reads, _ct)).Silence);
        real.Add("late", Script("x.label x", "x.value 5"));
        await real.RestartAsync();
        await source.PollAsync(reads, _ct);
        Assert.Equal(5, Of(await source.PollAsync(reads, _ct), Munin("late.x")).Value);
    }

    private static string[] Trace(RealMuninNode real) => [.. Directory.GetFiles(real.File("state"), "asked", SearchOption.AllDirectories).SelectMany(File.ReadAllLines)];

    private static MuninSource Source(MuninNode node) => new("h1", node, TimeProvider.System, new MuninCollectorOptions { PollTimeout = Limits.Guard });

    private static PolicyAttribute Munin(string field) => PolicyAttribute.Munin(SubjectKind.Host, field);

    private static Figure Of(MuninAnswer answer, PolicyAttribute attribute) => HostFigures.Of(attribute, 4, answer)!.Value;
}
