using System.Text;
using Ulm.Engine.Inventory;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Tests.Snapshots;

public class SnapshotReaderTests
{
    private const string Host = """{ "name": "h1", "cpus": 8, "memoryMiB": 1000 }""";
    private const string Vm = """{ "name": "v1", "host": "h1", "vcpus": 2, "memoryMiB": 100 }""";

    [Fact]
    public void Only_names_sizes_and_places_are_required()
    {
        var snapshot = Sound(Site(Host, Vm));
        var (host, vm) = (snapshot.Site.Host("h1"), snapshot.Site.Vm("v1"));
        var asInEngine = new Host { Name = "h1", Cpus = 8, MemoryBytes = 1000L << 20 };
        Assert.Equal(asInEngine with { Tags = host.Tags }, host);
        Assert.Empty(host.Tags);
        Assert.Equal(("h1", 2, Engine.Inventory.Host.DefaultCpuMips, 100L << 20), (vm.Host, vm.Vcpus, vm.CpuMips, vm.MemoryBytes));
        Assert.Equal(0, snapshot.CpuPercent["v1"]);
    }

    [Fact]
    public void Everything_that_can_be_said_is_taken_over()
    {
        var snapshot = Sound(Site(
            """
            { "name": "h1", "cluster": "web", "cpus": 8, "cpuMips": 2400, "memoryMiB": 65536, "netMbps": 10000, "state": "draining", "tags": ["ssd", "licensed"],
              "cpuModel": "x86-64-v2", "power": { "watts": [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117], "offWatts": 5, "bootSeconds": 90, "shutdownSeconds": 45 } }
            """,
            """{ "name": "v1", "host": "h1", "vcpus": 2, "cpuMips": 1000, "memoryMiB": 4096, "cpu": 35.5, "tags": ["pinned"] }"""));
        var (host, vm) = (snapshot.Site.Host("h1"), snapshot.Site.Vm("v1"));
        Assert.Equal(("web", 2400.0, 10000.0, HostState.Draining, "x86-64-v2"), (host.Cluster, host.CpuMips, host.NetMbps, host.State, host.CpuModel));
        Assert.Equal(["licensed", "ssd"], host.Tags.Order());
        Assert.Equal((86.0, 117.0, 5.0, 90.0, 45.0), (host.Power.At(0), host.Power.At(1), host.Power.OffWatts, host.BootTime.TotalSeconds, host.ShutdownTime.TotalSeconds));
        Assert.Equal((1000.0, 35.5), (vm.CpuMips, snapshot.CpuPercent["v1"]));
        Assert.Equal(["pinned"], vm.Tags);
    }

    [Fact]
    public void A_vm_is_as_fast_as_its_host_unless_said_otherwise_whichever_stands_first()
    {
        var json = $$"""{ "vms": [ {{Vm}} ], "hosts": [ { "name": "h1", "cpuMips": 2400, "cpus": 8, "memoryMiB": 1000 } ], "schema": "ulm.site/1" }""";
        Assert.Equal(2400, Sound(json).Site.Vm("v1").CpuMips);
    }

    [Theory]
    [InlineData("node[001-300]", 300, "node001", "node300")]
    [InlineData("n[8-11]", 4, "n10", "n9")]
    [InlineData("r[1-2].example.org", 2, "r1.example.org", "r2.example.org")]
    [InlineData("[07-07]", 1, "07", "07")]
    [InlineData("plain", 1, "plain", "plain")]
    public void A_range_stands_for_its_hosts(string name, int count, string first, string last)
    {
        var site = Sound(Site($$"""{ "name": "{{name}}", "cpus": 1, "memoryMiB": 1 }""", "")).Site;
        Assert.Equal((count, first, last), (site.Hosts.Length, site.Hosts[0].Name, site.Hosts[^1].Name));
    }

    [Theory]
    [InlineData("on", HostState.On)]
    [InlineData("off", HostState.Off)]
    [InlineData("maintenance", HostState.Maintenance)]
    [InlineData("poweringOn", HostState.PoweringOn)]
    [InlineData("poweringOff", HostState.PoweringOff)]
    [InlineData("unreachable", HostState.Unreachable)]
    public void States_are_the_engines(string text, HostState state) =>
        Assert.Equal(state, Sound(Site($$"""{ "name": "h", "cpus": 1, "memoryMiB": 1, "state": "{{text}}" }""", "")).Site.Host("h").State);

    [Fact]
    public void A_byte_order_mark_and_white_space_are_let_pass() =>
        Assert.NotNull(SnapshotReader.Parse(Encoding.UTF8.GetBytes("\uFEFF\r\n" + Site(Host, Vm) + "\r\n"), new FileFaults("f")));

    [Theory]
    [InlineData("""{ "name": "h2", "memoryMiB": 1 }""", "host h2 has no `cpus`", "hosts[1]")]
    [InlineData("""{ "cpus": 1, "memoryMiB": 1 }""", "a host has no `name`", "hosts[1]")]
    [InlineData("""{ "name": "h2", "cpus": 1 }""", "host h2 has no `memoryMiB`", "hosts[1]")]
    [InlineData("""{ "name": "h2", "cpus": 0, "memoryMiB": 1 }""", "`cpus` is 0, outside 1 to 8,192", "hosts[1].cpus")]
    [InlineData("""{ "name": "h2", "cpus": 1.5, "memoryMiB": 1 }""", "`cpus` is 1.5, where a whole number is needed", "hosts[1].cpus")]
    [InlineData("""{ "name": "h2", "cpus": "8", "memoryMiB": 1 }""", "`cpus` is the text \"8\", where a number is needed", "hosts[1].cpus")]
    [InlineData("""{ "name": "h2", "cpus": null, "memoryMiB": 1 }""", "`cpus` is null, where a number is needed", "hosts[1].cpus")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": -5 }""", "`memoryMiB` is -5, outside", "hosts[1].memoryMiB")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1e300 }""", "`memoryMiB` is 1e300, outside", "hosts[1].memoryMiB")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": "4GiB" }""", "`memoryMiB` is the text \"4GiB\", where a number is needed", "hosts[1].memoryMiB")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "cpuMips": 1e999 }""", "`cpuMips` is 1e999, outside", "hosts[1].cpuMips")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "netMbps": 0 }""", "`netMbps` is 0, outside", "hosts[1].netMbps")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "state": "onn" }""", "\"onn\" is not a state of a host", "hosts[1].state")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "state": true }""", "`state` is true, where a text is needed", "hosts[1].state")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "cluster": "" }""", "`cluster` can't be \"\"", "hosts[1].cluster")]
    [InlineData("""{ "name": "h2\u001b[2J", "cpus": 1, "memoryMiB": 1 }""", "`name` can't be", "hosts[1].name")]
    [InlineData("""{ "name": "\ud800", "cpus": 1, "memoryMiB": 1 }""", "`name` is text that can't be decoded", "hosts[1].name")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "tags": "ssd" }""", "`tags` is the text \"ssd\", where a list of texts is needed", "hosts[1].tags")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "tags": ["ssd", 5] }""", "a tag is 5, where a text is needed", "hosts[1].tags[1]")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "cpus": 2 }""", "`cpus` stands twice in one host", "hosts[1].cpus")]
    [InlineData("""{ "name": "h1", "cpus": 1, "memoryMiB": 1 }""", "host h1 stands twice, the first time in hosts[0]", "hosts[1]")]
    [InlineData("""{ "name": "h[0-3]", "cpus": 1, "memoryMiB": 1 }""", "host h1 stands twice, the first time in hosts[0]", "hosts[1]")]
    [InlineData("""{ "name": "h[3-1]", "cpus": 1, "memoryMiB": 1 }""", "`h[3-1]` is an empty range", "hosts[1].name")]
    [InlineData("""{ "name": "h[1-]", "cpus": 1, "memoryMiB": 1 }""", "`h[1-]` is not a range", "hosts[1].name")]
    [InlineData("""{ "name": "h[1-2][1-2]", "cpus": 1, "memoryMiB": 1 }""", "is not a range: brackets stand once", "hosts[1].name")]
    [InlineData("""{ "name": "h[1-999999999]", "cpus": 1, "memoryMiB": 1 }""", "names 999999999 hosts", "hosts[1].name")]
    [InlineData("""{ "name": "h[100-100099]", "cpus": 1, "memoryMiB": 1 }""", "a site has at most 100000 hosts", "hosts[1]")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "power": 90 }""", "`power` is 90, where an object is needed", "hosts[1].power")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "power": { "watts": [1, 2] } }""", "`watts` has 2 figures, not 11", "hosts[1].power.watts")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "power": { "watts": [1,2,3,4,5,-6,7,8,9,10,11] } }""", "a figure of `watts` is -6, outside", "hosts[1].power.watts[5]")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "power": { "bootSeconds": -1 } }""", "`bootSeconds` is -1, outside", "hosts[1].power.bootSeconds")]
    [InlineData("""{ "name": "h2", "cpus": 1, "memoryMiB": 1, "power": { "offWats": 1 } }""", "`offWats` is not a field of a `power` entry", "hosts[1].power.offWats")]
    [InlineData("7", "a host is 7, where an object is needed", "hosts[1]")]
    public void Faults_of_a_host_say_what_and_where(string host, string message, string path) => OnlyFault(Site($"{Host},\n{host}", Vm), message, path);

    [Theory]
    [InlineData("""{ "name": "v2", "vcpus": 1, "memoryMiB": 1 }""", "vm v2 has no `host`", "vms[1]")]
    [InlineData("""{ "name": "v2", "host": "h2", "vcpus": 1, "memoryMiB": 1 }""", "vm v2 is on host h2, which the snapshot does not have", "vms[1].host")]
    [InlineData("""{ "name": "v1", "host": "h1", "vcpus": 1, "memoryMiB": 1 }""", "vm v1 stands twice: first on host h1 (vms[0]), then on host h1", "vms[1]")]
    [InlineData("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1001 }""", "vm v2 has more memory (1001MiB) than its host h1 (1000MiB)", "vms[1]")]
    [InlineData("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "cpu": 101 }""", "`cpu` is 101, outside 0 to 100", "vms[1].cpu")]
    [InlineData("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "cpu": -0.1 }""", "`cpu` is -0.1, outside 0 to 100", "vms[1].cpu")]
    [InlineData("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "cpu": "NaN" }""", "`cpu` is the text \"NaN\", where a number is needed", "vms[1].cpu")]
    [InlineData("""{ "name": "v[1-2]", "host": "h1", "vcpus": 1, "memoryMiB": 1 }""", "vm `v[1-2]` has brackets in its name", "vms[1].name")]
    [InlineData("""{ "name": "v2", "host": "off1", "vcpus": 1, "memoryMiB": 1 }""", "vm v2 is on host off1, which is off", "vms[1].host")]
    [InlineData("""{ "name": "v2", "host": "h1", "cpus": 1, "vcpus": 1, "memoryMiB": 1 }""", "`cpus` is not a field of a vm", "vms[1].cpus")]
    [InlineData("[]", "a vm is a list, where an object is needed", "vms[1]")]
    public void Faults_of_a_vm_say_what_and_where(string vm, string message, string path) =>
        OnlyFault(Site($$"""{{Host}}, { "name": "off1", "cpus": 1, "memoryMiB": 9, "state": "off" }""", $"{Vm},\n{vm}"), message, path);

    [Theory]
    [InlineData("memoryGiB", "memoryMiB")]
    [InlineData("Memory", "memoryMiB")]
    [InlineData("netMbit", "netMbps")]
    [InlineData("cpumodel", "cpuModel")]
    public void An_unknown_field_is_answered_with_the_nearest(string field, string nearest)
    {
        var faults = new FileFaults("f");
        Assert.Null(SnapshotReader.Parse(Encoding.UTF8.GetBytes(Site($$"""{ "name": "h1", "cpus": 8, "memoryMiB": 1000, "{{field}}": 1 }""", "")), faults));
        Assert.Equal($"did you mean `{nearest}`?", Assert.Single(faults.Found).Help);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \n ", "it is empty")]
    [InlineData("[]", "a snapshot is one JSON object")]
    [InlineData("{}", "a snapshot has no `schema`")]
    [InlineData("""{ "schema": "ulm.site/2", "hosts": [], "vms": [] }""", "the schema is \"ulm.site/2\", not \"ulm.site/1\"")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": {}, "vms": [] }""", "`hosts` is an object, where a list is needed")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": [], "vms": [], "host": [] }""", "`host` is not a field of a snapshot")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": [], "hosts": [], "vms": [] }""", "`hosts` stands twice in one snapshot")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": [], "vms": [], }""", "it is not JSON")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": [], "vms": [] } x""", "it is not JSON")]
    [InlineData("""{ "schema": "ulm.site/1", "hosts": [ { "cpus": NaN } ], "vms": [] }""", "it is not JSON")]
    public void Documents_that_are_none_are_refused(string json, string message)
    {
        var faults = new FileFaults("f");
        Assert.Null(SnapshotReader.Parse(Encoding.UTF8.GetBytes(json), faults));
        Assert.Contains(message, faults.Found[0].Message);
    }

    [Fact]
    public void Several_faults_come_in_one_run_in_the_order_of_the_file()
    {
        var faults = new FileFaults("f.json");
        var json = Site("""{ "name": "h1", "cpus": -1, "memoryMiB": 10 },""" + "\n" + """{ "name": "h2", "cpu": 1, "memoryMiB": 10 }""" + "\n", """{ "name": "a", "host": "h3", "vcpus": 1, "memoryMiB": 1 }""");
        Assert.Null(SnapshotReader.Parse(Encoding.UTF8.GetBytes(json), faults));
        Assert.Equal(
            """
            f.json can't be used, for 4 reasons:

            error: `cpus` is -1, outside 1 to 8,192
             --> f.json:1:62 (hosts[0].cpus)

            error: host h2 has no `cpus`
             --> f.json:2:1 (hosts[1])
              = help: write how many CPUs it has: `"cpus": 8`

            error: `cpu` is not a field of a host
             --> f.json:2:24 (hosts[1].cpu)
              = help: did you mean `cpus`?

            error: vm a is on host h3, which the snapshot does not have
             --> f.json:3:37 (vms[0].host)
              = help: did you mean `h1`?
            """, faults.Report());
    }

    [Fact]
    public void A_faulty_host_is_no_fault_of_its_vms()
    {
        var faults = new FileFaults("f");
        SnapshotReader.Parse(Encoding.UTF8.GetBytes(Site("""{ "name": "h1", "cpus": 0, "memoryMiB": 1000 }""", Vm)), faults);
        Assert.Contains("`cpus` is 0", Assert.Single(faults.Found).Message);
    }

    [Fact]
    public void More_faults_than_anybody_reads_are_counted()
    {
        var faults = new FileFaults("f");
        var vms = string.Join(",\n", Enumerable.Range(0, 500).Select(i => $$"""{ "name": "v{{i}}", "host": "x", "vcpus": 1, "memoryMiB": 1 }"""));
        Assert.Null(SnapshotReader.Parse(Encoding.UTF8.GetBytes(Site(Host, vms)), faults));
        Assert.Equal((500, FileFaults.Kept), (faults.Count, faults.Found.Length));
        Assert.EndsWith("\n... and 470 more", faults.Report());
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_with_its_place()
    {
        var whole = Encoding.UTF8.GetBytes(Site(Host, Vm));
        for (var length = 1; length < whole.Length; length++)
        {
            var faults = new FileFaults("f");
            Assert.Null(SnapshotReader.Parse(whole.AsMemory(0, length), faults));
            Assert.True(faults.Any);
        }
    }

    [Fact]
    public void A_damaged_file_is_read_as_something_or_refused_but_never_thrown_over()
    {
        var whole = Encoding.UTF8.GetBytes(Site(Host, Vm));
        var random = new Random(20260105);
        var refused = 0;
        for (var run = 0; run < 3000; run++)
        {
            var damaged = whole.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var faults = new FileFaults("f");
            var snapshot = SnapshotReader.Parse(damaged, faults);
            Assert.Equal(snapshot is null, faults.Any);
            if (snapshot is null) refused++;
        }

        Assert.InRange(refused, 2000, 2999);
    }

    [Fact]
    public void A_huge_file_is_not_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path)) file.SetLength(SnapshotReader.LargestFile + 1);
            var faults = new FileFaults(path);
            Assert.Null(SnapshotReader.Read(path, faults));
            Assert.Equal("it has more than 256 MiB", Assert.Single(faults.Found).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static SiteSnapshot Sound(string json)
    {
        var faults = new FileFaults("f");
        var snapshot = SnapshotReader.Parse(Encoding.UTF8.GetBytes(json), faults);
        Assert.True(snapshot is not null, faults.Report());
        return snapshot;
    }

    private static void OnlyFault(string json, string message, string path)
    {
        var faults = new FileFaults("f");
        Assert.Null(SnapshotReader.Parse(Encoding.UTF8.GetBytes(json), faults));
        var fault = Assert.Single(faults.Found);
        Assert.Contains(message, fault.Message);
        Assert.Equal((2, path), (fault.Line, fault.Path));
    }

    private static string Site(string hosts, string vms) => $$"""{ "schema": "ulm.site/1", "hosts": [ {{hosts}} ], "vms": [ {{vms}} ] }""";
}
