namespace Ulm.Server.Tests.Commands;

/// <summary>What is wrong with a snapshot, a trace or a file of faults is told with its place and reason; nothing half-read is planned or simulated.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Hosts = """{ "name": "h1", "cpus": 8, "memoryMiB": 65536 }, { "name": "h2", "cpus": 8, "memoryMiB": 1024 }""";
    private const string Web = """{ "name": "web1", "host": "h1", "vcpus": 4, "memoryMiB": 8192, "cpu": 95 }""";
    private const string Header = "#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpu\n";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string, string, string, string> Snapshots() => new()
    {
        { "a VM on no host", Vms("""{ "name": "v2", "host": "h9", "vcpus": 1, "memoryMiB": 1 }"""), "vm v2 is on host h9, which the snapshot does not have", "4:28 (vms[1].host)" },
        { "a VM whose host is not said", Vms("""{ "name": "v2", "vcpus": 1, "memoryMiB": 1 }"""), "vm v2 has no `host`", "4:4 (vms[1])" },
        { "a VM whose host is nothing", Vms("""{ "name": "v2", "host": null, "vcpus": 1, "memoryMiB": 1 }"""), "`host` is null, where a text is needed", "4:28 (vms[1].host)" },
        { "a VM twice", Vms(Web), "vm web1 stands twice: first on host h1 (vms[0]), then on host h1", "4:4 (vms[1])" },
        { "a VM on two hosts", Vms("""{ "name": "web1", "host": "h2", "vcpus": 1, "memoryMiB": 1 }"""), "vm web1 stands twice: first on host h1 (vms[0]), then on host h2", "4:4 (vms[1])" },
        { "a VM larger than its host", Vms("""{ "name": "v2", "host": "h2", "vcpus": 1, "memoryMiB": 1025 }"""), "vm v2 has more memory (1025MiB) than its host h2 (1024MiB)", "4:4 (vms[1])" },
        { "a unit with the number", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": "8GiB" }"""), "`memoryMiB` is the text \"8GiB\", where a number is needed", "4:59 (vms[1].memoryMiB)" },
        { "a field of another unit", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "memoryGiB": 1 }"""), "`memoryGiB` is not a field of a vm", "4:75 (vms[1].memoryGiB)" },
        { "no number", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "cpu": NaN }"""), "it is not JSON: 'N' is an invalid start of a value\n --> s.site.json:4:69\n  = help: `NaN` is no number in JSON; leave out what is not known", "4:69" },
        { "no number as a text", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1, "cpu": "NaN" }"""), "`cpu` is the text \"NaN\", where a number is needed", "4:69 (vms[1].cpu)" },
        { "a number without end", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": 1e999 }"""), "`memoryMiB` is 1e999, outside 1 to 268,435,456", "4:59 (vms[1].memoryMiB)" },
        { "a number below zero", Vms("""{ "name": "v2", "host": "h1", "vcpus": 1, "memoryMiB": -1 }"""), "`memoryMiB` is -1, outside 1 to 268,435,456", "4:59 (vms[1].memoryMiB)" },
        { "a host twice", Site($$"""{{Hosts}}, { "name": "h[2-3]", "cpus": 8, "memoryMiB": 1 }""", Web), "host h2 stands twice, the first time in hosts[1]", "2:111 (hosts[2])" },
        { "a list that is none", """{ "schema": "ulm.site/1", "hosts": 5, "vms": [] }""", "`hosts` is 5, where a list is needed", "1:36 (hosts)" },
        { "a file cut off", Vms(Web)[..150], "it is not JSON: ", "3:" },
    };

    [Theory]
    [MemberData(nameof(Snapshots))]
    public async Task A_faulty_snapshot_is_neither_planned_on_nor_simulated(string what, string site, string reason, string place)
    {
        var file = _cli.Write("s.site.json", site);
        foreach (var command in new[] { "plan", "simulate" })
        {
            var result = await _cli.RunAsync(command, "--policies", Cli.Data("two-sentences.ulm"), "--site", file);
            AssertRefused(result, "s.site.json", reason, place, $"{command} of {what}");
        }
    }

    [Theory]
    [InlineData("", "error: it is empty\n --> s.site.json\n")]
    [InlineData(null, "error: there is no such file\n --> s.site.json\n")]
    [InlineData("/", "error: it is a directory\n --> s.site.json\n")]
    [InlineData("\u0000\u0001", "error: it is not JSON: '0x00' is an invalid start of a value\n --> s.site.json:1:1\n")]
    public async Task So_is_what_is_no_snapshot_at_all(string? content, string message)
    {
        if (content == "/") Directory.CreateDirectory(_cli.In("s.site.json"));
        else if (content is not null) _cli.Write("s.site.json", content);
        foreach (var command in new[] { "plan", "simulate" })
        {
            var result = await _cli.RunAsync(command, "--policies", Cli.Data("two-sentences.ulm"), "--site", _cli.In("s.site.json"));
            Assert.Equal((1, ""), (result.Exit, result.Out));
            Assert.Contains($"s.site.json can't be used:\n\n{message}", result.Error);
        }
    }

    [Theory]
    [InlineData("a row longer than the first", Header + "web1\t1\t2\nweb2\t1\t2\t3\n", "the row of web2 has 3 values, the first row has 2", "3")]
    [InlineData("a row shorter than the first", Header + "web1\t1\t2\nweb2\t1\n", "the row of web2 has 1 value, the first row has 2", "3")]
    [InlineData("a VM that the site does not have", Header + "web1\t1\nwebb2\t1\n", "the site has no vm webb2", "3")]
    [InlineData("a VM twice", Header + "web1\t1\nweb1\t1\n", "vm web1 has a second row", "3")]
    [InlineData("no number", Header + "web1\t1\tNaN\n", "value 2 of web1 is `NaN`, not a number", "2")]
    [InlineData("a unit", Header + "web1\t5%\n", "value 1 of web1 is `5%`, not a number", "2")]
    [InlineData("a comma", Header + "web1\t0,5\n", "value 1 of web1 is `0,5`, not a number", "2")]
    [InlineData("below zero", Header + "web1\t-1\n", "value 1 of web1 is `-1`, outside 0 to 100", "2")]
    [InlineData("an attribute that is not known", "#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpuu\nweb1\t1\n", "`metric=vm.cpuu` is not an attribute", "1")]
    [InlineData("a unit of time that is not known", "#ulm.trace/1 start=2026-01-05T00:00:00Z step=300x metric=vm.cpu\nweb1\t1\n", "`step=300x` is not a duration", "1")]
    public async Task A_faulty_trace_is_not_simulated(string what, string trace, string reason, string place)
    {
        var result = await _cli.RunAsync("simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), "--trace", _cli.Write("t.tsv", trace), "--report", _cli.In("r.html"));
        AssertRefused(result, "t.tsv", reason, place, what);
        Assert.False(File.Exists(_cli.In("r.html")), "a report was written");
    }

    [Theory]
    [InlineData("", "it is empty", "")]
    [InlineData("[]", "a file of faults is one JSON object", ":1:1")]
    [InlineData("""{ "schema": "ulm.faults/1" }""", "a file of faults has no `faults`", ":1:1")]
    [InlineData("""{ "schema": "ulm.faults/1", "faults": [ { "kind": "host-crash", "hosts": "h9" } ] }""", "the site has no host h9", ":1:74 (faults[0].hosts)")]
    [InlineData("""{ "schema": "ulm.faults/1", "faults": [ { "kind": "host-crash", "hosts": "rack1-*" } ] }""", "no host of the site fits `rack1-*`", ":1:74 (faults[0].hosts)")]
    public async Task A_faulty_file_of_faults_is_not_simulated(string faults, string reason, string place)
    {
        var result = await _cli.RunAsync("simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), "--faults", _cli.Write("f.json", faults));
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains($"error: {reason}\n --> f.json{place}\n", result.Error);
    }

    private static string Vms(string second) => Site(Hosts, $"{Web},\n   {second}");

    private static string Site(string hosts, string vms) => $$"""
        { "schema": "ulm.site/1",
          "hosts": [ {{hosts}} ],
          "vms": [ {{vms}} ] }
        """;

    private static void AssertRefused(CliResult result, string file, string reason, string place, string what)
    {
        Assert.True(result is { Exit: 1, Out: "" }, $"{what}: exit {result.Exit}\n{result.Out}{result.Error}");
        Assert.Contains($"error: {reason}", result.Error);
        Assert.Contains($"\n --> {file}:{place}", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }
}
