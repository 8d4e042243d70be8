using Ulm.Munin.Tests;
using Ulm.Server.Commands;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.History;

/// <summary><c>import munin</c> of two hosts of 8 CPUs, on which vm <c>web-1</c> (2 vCPUs) moves from h1 to h2, and <c>db_1</c> (4 vCPUs) stays on h1.</summary>
public sealed class ImportMuninTests : IDisposable
{
    private const string Site =
        """
        { "schema": "ulm.site/1",
          "hosts": [ { "name": "h[1-2]", "cpus": 8, "memoryMiB": 65536 } ],
          "vms": [ { "name": "web-1", "host": "h1", "vcpus": 2, "memoryMiB": 4096 }, { "name": "db_1", "host": "h1", "vcpus": 4, "memoryMiB": 4096 } ] }
        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private RealMuninTree Tree => new(_cli.In("munin"));

    /// <summary>The plugin counts per cent of the whole host: 10 % of 8 CPUs are 40 % of 2 vCPUs.</summary>
    private RealMuninTree Guests() => Tree
        .With("example.org/h1.example.org-libvirt_cputime-web_1_cputime-d", 10, 20, 5, null)
        .With("example.org/h2.example.org-libvirt_cputime-web_1_cputime-d", null, null, 5, 25)
        .With("example.org/h1.example.org-libvirt_cputime-db_1_cputime-d", 30, 30, 60, 10)
        .With("example.org/h1.example.org-libvirt_cputime-total_pc-d", 40, 50, 65, 10)
        .With("example.org/h2.example.org-libvirt_cputime-total_pc-d", 0, 0, 5, 25)
        .With("example.org/h1.example.org-load-load-g", 4, 2, 1, 0)
        .With("example.org/h2.example.org-load-load-g", 0, 0, 8, 8);

    private Task<CliResult> ImportAsync(params string[] more) => _cli.RunAsync(["import", "munin", _cli.In("munin"), .. more]);

    private Task<CliResult> OfSiteAsync(params string[] more) => ImportAsync(["--site", _cli.Write("site.json", Site), .. more]);

    [Fact]
    public async Task Guests_figures_are_per_cent_of_their_vcpus_on_whichever_host_they_were()
    {
        Guests();

        var result = await OfSiteAsync();

        Assert.Equal((0, "vm.cpu of 2 VMs, 4 values each, 20m from 2026-01-05T00:00:00Z in steps of 5m\n"), (result.Exit, result.Error));
        Assert.Equal(
            """
            #ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpu
            db_1	60	60	100	20
            web-1	40	80	40	100

            """, result.Out);
    }

    [Fact]
    public async Task The_trace_is_one_that_simulate_takes()
    {
        Guests();
        await OfSiteAsync("--out", _cli.In("day.tsv.gz"));
        var policies = _cli.Write("p.ulm", "when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n");

        var result = await _cli.RunAsync("simulate", "--policies", policies, "--site", _cli.In("site.json"), "--trace", _cli.In("day.tsv.gz"), "--format", "json");

        Assert.Equal((0, 4), (result.Exit, result.Json.GetProperty("steps").GetInt32()));
    }

    [Theory]
    [InlineData("host.load", "h1\t0.5\t0.25\t0.125\t0\nh2\t0\t0\t1\t1")]
    [InlineData("host.munin[\"libvirt-cputime.total_pc\"]", "h1\t40\t50\t65\t10\nh2\t0\t0\t5\t25")]
    [InlineData("vm.munin[\"libvirt-cputime.cputime\"]", "db_1\t30\t30\t60\t10\nweb-1\t10\t20\t5\t25")]
    public async Task Other_attributes_are_made_of_munins_fields_as_they_are_live(string metric, string rows)
    {
        Guests();

        var result = await OfSiteAsync("--metric", metric);

        Assert.Equal(0, result.Exit);
        Assert.Equal($"#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric={metric}\n{rows}\n", result.Out);
    }

    /// <summary>Written by munin's master itself: it alone knows how it calls its files.</summary>
    [Theory]
    [InlineData("vm.cpu", "web-1\t40\t80\t40")]
    [InlineData("host.munin[\"libvirt-cputime.total_pc\"]", "h-1\t40\t50\t65")]
    [InlineData("host.munin[\"queue.in-2.jobs\"]", "h-1\t1\t2\t3")]
    [InlineData("vm.munin[\"guest-disk.read\"]", "web-1\t5\t6\t7")]
    [InlineData("vm.munin[\"libvirt-cputime.cputime\"]", "web-1\t10\t20\t10")]
    [InlineData("host.net.in", "h-1\t1000\t2000\t3000")]
    public async Task What_munins_master_itself_writes_is_found(string metric, string row)
    {
        await using var node = await RealMuninNode.StartAsync([], new Dictionary<string, string>
        {
            ["libvirt-cputime"] = Plugin("web_1_cputime GAUGE 10 20 10", "total_pc GAUGE 40 50 65"),
            ["if_eth0"] = Plugin("down GAUGE 1000 2000 3000"),
            ["if_eth0.100"] = Plugin("down GAUGE 7 7 7"),
            ["disks"] = $"echo multigraph guest-disk.web_1\n{Plugin("read GAUGE 5 6 7")}",
            ["queue"] = $"echo multigraph queue.in-2\n{Plugin("jobs GAUGE 1 2 3")}",
        });
        using var master = new RealMuninMaster();
        await master.UpdateAsync("lab", "h-1.example.org", node);
        var site = _cli.Write("site.json", """
            { "schema": "ulm.site/1", "hosts": [ { "name": "h-1", "cpus": 8, "memoryMiB": 65536 } ],
              "vms": [ { "name": "web-1", "host": "h-1", "vcpus": 2, "memoryMiB": 4096 } ] }
            """);

        var result = await _cli.RunAsync("import", "munin", master.Tree, "--site", site, "--metric", metric, "--from", "2026-01-05", "--for", "15m");

        Assert.Equal((0, $"#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric={metric}\n{row}\n"), (result.Exit, result.Out));
    }

    /// <summary>A plugin that says what its fields came to in each step from <see cref="RealMuninTree.Start"/> on, as one does that was not asked for a while.</summary>
    private static string Plugin(params string[] fields)
    {
        var said = fields.Select(f => f.Split(' ')).ToList();
        var config = said.Select(f => $"echo {f[0]}.label {f[0]}; echo {f[0]}.type {f[1]}");
        var values = said.SelectMany(f => f.Skip(2).Select((v, i) => $"echo {f[0]}.value {(RealMuninTree.Start + RealMuninTree.Step * (i + 1)).ToUnixTimeSeconds()}:{v}"));
        return $"if [ \"$1\" = config ]; then echo graph_title t; {string.Join("; ", config)}; else {string.Join("; ", values)}; fi\n";
    }

    [Fact]
    public async Task Cpu_of_a_host_is_a_share_of_all_its_time()
    {
        Tree.With("g/h1-cpu-user-d", 100, 200).With("g/h1-cpu-system-d", 100, 200).With("g/h1-cpu-idle-d", 600, 300).With("g/h1-cpu-iowait-d", 0, 100);

        var result = await ImportAsync("--metric", "host.cpu");

        Assert.Equal("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.cpu\nh1\t25\t50\n", result.Out);
    }

    [Fact]
    public async Task Interfaces_and_disks_add_up_and_virtual_ones_do_not()
    {
        Tree.With("g/h1-load-load-g", 1, 1).With("g/h1-if_eth0-down-d", 1000, 2000).With("g/h1-if_eth1-down-d", 10, 20).With("g/h1-if_eth0_100-down-d", 7, 7).With("g/h1-if_vnet3-down-d", 5, 5)
            .With("g/h1-diskstats_throughput-sda_rdbytes-g", 300, 400).With("g/h1-diskstats_throughput-sda-rdbytes-g", 300, 400).With("g/h1-diskstats_throughput-dm_0_rdbytes-g", 9, 9);

        Assert.EndsWith("h1\t1010\t2020\n", (await ImportAsync("--metric", "host.net.in")).Out);
        Assert.EndsWith("h1\t300\t400\n", (await ImportAsync("--metric", "host.disk.read")).Out);
    }

    [Fact]
    public async Task Without_a_site_each_guest_counts_as_one_vcpu_of_a_host_whose_cpus_are_seen_in_its_own_figures()
    {
        Guests().With("example.org/h1.example.org-cpu-user-d", 100, 100, 100, 100).With("example.org/h1.example.org-cpu-idle-d", 700, 700, 700, 700);

        var result = await ImportAsync();

        Assert.StartsWith("note: without --site nobody knows how many vCPUs a VM has", result.Error);
        Assert.Contains("\ndb_1\t100\t100\t100\t80\n", result.Out);
    }

    [Fact]
    public async Task Older_figures_come_in_longer_steps()
    {
        Tree.With("g/h1-load-load-g", [.. Enumerable.Range(0, 12).Select(i => (double?)i)]);

        var result = await ImportAsync("--metric", "host.munin[\"load.load\"]", "--for", "5d");

        Assert.Equal("#ulm.trace/1 start=2026-01-05T00:00:00Z step=1800s metric=host.munin[\"load.load\"]\nh1\t2.5\t8.5\n", result.Out);
    }

    [Fact]
    public async Task What_does_not_match_is_told_and_left_out()
    {
        Guests().With("example.org/h2.example.org-libvirt_cputime-stranger_cputime-d", 1, 1, 1, 1);
        var site = _cli.Write("more.json", Site.Replace("\"vms\": [", "\"vms\": [ { \"name\": \"new\", \"host\": \"h3\", \"vcpus\": 2, \"memoryMiB\": 4096 },").Replace("h[1-2]", "h[1-3]"));

        var result = await ImportAsync("--site", site);

        Assert.Equal(0, result.Exit);
        Assert.Contains("note: munin knows nothing of 1 host of the site: h3\n", result.Error);
        Assert.Contains("note: 1 guest of munin is not in the site and left out: stranger\n", result.Error);
        Assert.Contains("note: munin knows nothing of 1 VM of the site: new\n", result.Error);
    }

    [Fact]
    public async Task Names_of_which_none_matches_are_an_error()
    {
        Guests();

        var hosts = await ImportAsync("--site", _cli.Write("a.json", Site.Replace("h[1-2]", "n[1-2]").Replace("\"h1\"", "\"n1\"")));
        var vms = await ImportAsync("--site", _cli.Write("b.json", Site.Replace("web-1", "x1").Replace("db_1", "x2")));

        Assert.Equal((1, "ulm-server: munin knows none of the site's hosts: it has h1.example.org, h2.example.org; the site has n1, n2\n"), (hosts.Exit, hosts.Error));
        Assert.Equal((1, "ulm-server: none of the 2 guests that munin knows is a VM of the site: munin has db_1, web_1; the site has x1, x2\n"), (vms.Exit, vms.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an RRD")]
    public async Task A_broken_file_is_named(string content)
    {
        Guests();
        const string broken = "munin/example.org/h1.example.org-libvirt_cputime-web_1_cputime-d.rrd";
        _cli.Write(broken, content);

        var result = await OfSiteAsync("--out", _cli.In("out.tsv"));

        Assert.Equal(1, result.Exit);
        Assert.StartsWith($"ulm-server: {broken} can't be read: ", result.Error);
        Assert.False(File.Exists(_cli.In("out.tsv")));
    }

    [Fact]
    public async Task Folders_that_are_not_munins_are_refused()
    {
        Directory.CreateDirectory(_cli.In("empty"));
        _cli.Write("other/a-b-c.rrd", "x");
        _cli.Write("file", "x");

        Assert.Equal("ulm-server: empty has no RRD files in it; munin keeps them in /var/lib/munin\n", (await _cli.RunAsync("import", "munin", _cli.In("empty"))).Error);
        Assert.Contains("other has 1 RRD file, but none of munin's cpu, load", (await _cli.RunAsync("import", "munin", _cli.In("other"))).Error);
        Assert.Contains("there is no folder nowhere", (await _cli.RunAsync("import", "munin", _cli.In("nowhere"))).Error);
        Assert.Contains("file is a file; name the folder", (await _cli.RunAsync("import", "munin", _cli.In("file"))).Error);
    }

    [Theory]
    [InlineData("--metric", "vm.cqu", "--metric: `vm.cqu` is not an attribute; did you mean vm.cpu?")]
    [InlineData("--metric", "vm.memory", "--metric: vm.memory is not among what munin's master records; it has host.cpu, ")]
    [InlineData("--for", "soon", "--for: `soon` is not a duration")]
    [InlineData("--from", "soon", "--from: `soon` is not a time")]
    [InlineData("--from", "2020-01-05", "munin has no figures of vm.cpu from 2020-01-05T00:00:00Z to 2020-01-07T00:00:00Z")]
    [InlineData("--metric", "host.cpu", "munin has no files of host.cpu of h1, h2 in munin")]
    public async Task What_can_not_be_had_is_said(string option, string value, string message)
    {
        Guests();

        var result = await OfSiteAsync(option, value);

        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task A_missing_rrdtool_is_named_with_its_package()
    {
        Guests();
        var command = ImportCommand.Create(new Terminal(TextWriter.Null, TextWriter.Null, Colour: false), rrdTool: "no-such-rrdtool");

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() =>
            command.Parse(["munin", _cli.In("munin")]).InvokeAsync(new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false }));

        Assert.Equal("`no-such-rrdtool` is not installed, and only it reads munin's files: apt-get install rrdtool", failure.Message);
        Assert.Equal(1, failure.ExitCode);
    }
}
