using System.Text.Json;
using Ulm.Bench.Clusters;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Tests.Commands;

public sealed class PlanCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> PlanAsync(string policies, string at, params string[] more) =>
        _cli.RunAsync(["plan", "--policies", policies, "--site", Cli.Data("three-hosts.site.json"), "--at", at, .. more]);

    [Fact]
    public async Task An_overloaded_host_gives_away_one_vm()
    {
        var result = await PlanAsync(Cli.Data("two-sentences.ulm"), "2026-01-05T12:00");
        Assert.Equal(2, result.Exit);
        Assert.Equal(
            """
            three-hosts.site.json at 2026-01-05 12:00:00 UTC: 1 step, about 1m11s

            two-sentences.ulm:1 on host/h1: host.cpu = 85% > 75% for 10m
              1  migrate vm web1 from h1 to h3   1m11s

            Not due at this time (--at plans for another):
              two-sentences.ulm:2, next at 2026-01-05 20:00:00

            """, result.Out);
    }

    [Fact]
    public async Task At_its_time_consolidation_follows_on_the_site_as_the_first_rule_leaves_it()
    {
        var result = await PlanAsync(Cli.Data("two-sentences.ulm"), "2026-01-05T20:00");
        Assert.Equal(2, result.Exit);
        Assert.Contains("  2  migrate vm app1 from h2 to h1 gently     36s   after 1\n", result.Out);
        Assert.Contains("  3  power off host h2                      5m30s   after 2\n", result.Out);
        Assert.Contains("Not done:\n  ULM6208  two-sentences.ulm:2 on host/h3\n    vm web1 stays: an earlier decision moves it to h3", result.Out);
    }

    [Fact]
    public async Task Hosts_that_are_relieved_for_the_same_figure_stand_apart()
    {
        var site = _cli.Write("alike.site.json", """
            { "schema": "ulm.site/1", "hosts": [ { "name": "h[1-3]", "cpus": 8, "memoryMiB": 65536 } ], "vms": [
              { "name": "a", "host": "h1", "vcpus": 8, "memoryMiB": 1024, "cpu": 100 }, { "name": "b", "host": "h2", "vcpus": 8, "memoryMiB": 1024, "cpu": 100 } ] }
            """);
        var tell = _cli.Write("tell.ulm", "policy hot when host.cpu > 75% for 10m then notify \"hot\"\n");
        var output = (await _cli.RunAsync("plan", "--policies", tell, "--site", site, "--at", "2026-01-05T12:00")).Out;
        Assert.Contains("\nhot on host/h1: host.cpu = 100% > 75% for 10m\n  1  ", output);
        Assert.Contains("\nhot on host/h2: host.cpu = 100% > 75% for 10m\n  2  ", output);
    }

    [Fact]
    public async Task A_vm_that_can_not_be_moved_stays_and_it_is_said_why()
    {
        var site = _cli.Write("tied.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")).Replace("\"memoryMiB\": 8192, \"cpu\": 95", "\"memoryMiB\": 8192, \"notMigratable\": \"it uses a pci device of its host\", \"cpu\": 95"));
        var result = await _cli.RunAsync("plan", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--at", "2026-01-05T12:00:00Z");
        Assert.DoesNotContain("migrate vm web1", result.Out);
        Assert.Contains("Can't be moved while they run:\n  vm web1 on h1: it uses a pci device of its host\n", result.Out);
        var json = (await _cli.RunAsync("plan", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--at", "2026-01-05T12:00:00Z", "--format", "json")).Json;
        AssertJson("""{"vm":"web1","host":"h1","why":"it uses a pci device of its host"}""", JsonSerializer.Serialize(Assert.Single(json.GetProperty("notMigratable").EnumerateArray())));
    }

    [Fact]
    public async Task Json_has_the_fields_of_the_contract()
    {
        var json = (await PlanAsync(Cli.Data("two-sentences.ulm"), "2026-01-05T20:00:00Z", "--format", "json")).Json;
        Assert.Equal(["schema", "steps", "seconds", "refused"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ulm.plan/1", json.GetProperty("schema").GetString());
        var steps = json.GetProperty("steps").EnumerateArray().Select(s => JsonSerializer.Serialize(s)).ToList();
        Assert.Equal(3, steps.Count);
        AssertJson("""{"id":1,"after":[],"action":"migrate","vm":"web1","from":"h1","to":"h3","rule":"two-sentences.ulm:1","subject":"host/h1","reason":"host.cpu = 85% > 75% for 10m","manner":"normal","seconds":70.7}""", steps[0]);
        AssertJson("""{"id":2,"after":[1],"action":"migrate","vm":"app1","from":"h2","to":"h1","rule":"two-sentences.ulm:2","reason":"its time came at 20:00:00","manner":"gentle","seconds":36.4}""", steps[1]);
        AssertJson("""{"id":3,"after":[2],"action":"powerOff","host":"h2","rule":"two-sentences.ulm:2","reason":"its time came at 20:00:00","seconds":330}""", steps[2]);
        var refused = Assert.Single(json.GetProperty("refused").EnumerateArray());
        Assert.Equal(["rule", "subject", "code", "why"], refused.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ULM6208", refused.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_migration_that_never_ends_is_told_with_its_figures()
    {
        var site = _cli.Write("busy.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")).Replace("\"memoryMiB\": 8192, \"cpu\": 95", "\"memoryMiB\": 8192, \"dirtyMiBps\": 300, \"cpu\": 95"));
        string[] plan = ["plan", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--at", "2026-01-05T12:00"];

        var text = (await _cli.RunAsync(plan)).Out;
        var json = (await _cli.RunAsync([.. plan, "--format", "json"])).Json;

        const string Why = "vm web1 writes 300MiB/s to its memory, and the link from h1 to h3 carries 119.2MiB/s: the copy does not end by itself; a normal migration slows the VM down, and is given up once nothing was gained for 5m";
        Assert.Contains($"1 step, with no end: a migration does not converge\n\ntwo-sentences.ulm:1 on host/h1: host.cpu = 85% > 75% for 10m\n  1  migrate vm web1 from h1 to h3   no end\n     {Why}\n", text);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("seconds").ValueKind);
        var step = json.GetProperty("steps")[0];
        Assert.Equal((JsonValueKind.Null, Why), (step.GetProperty("seconds").ValueKind, step.GetProperty("endless").GetString()));
    }

    [Fact]
    public async Task Migrations_that_do_not_end_beside_one_another_are_told_with_what_lets_them()
    {
        var site = _cli.Write("writing.site.json", """
            { "schema": "ulm.site/1",
              "hosts": [ { "name": "h[1-2]", "cpus": 8, "memoryMiB": 65536 } ],
              "vms": [
                { "name": "a", "host": "h1", "vcpus": 1, "memoryMiB": 4096, "dirtyMiBps": 70, "cpu": 20 },
                { "name": "b", "host": "h1", "vcpus": 1, "memoryMiB": 4096, "dirtyMiBps": 70, "cpu": 20 },
                { "name": "c", "host": "h2", "vcpus": 2, "memoryMiB": 16384, "cpu": 20 } ] }
            """);
        var night = _cli.Write("night.ulm", "at 20:00 consolidate\n");
        var gently = _cli.Write("gently.ulm", "at 20:00 consolidate\nlimit migrations to 1 per host\n");

        var together = (await _cli.RunAsync("plan", "--policies", night, "--site", site, "--at", "2026-01-05T20:00")).Out;
        var inTurn = (await _cli.RunAsync("plan", "--policies", gently, "--site", site, "--at", "2026-01-05T20:00")).Out;

        Assert.Contains(
            "2 steps, with no end: each migration converges by itself, but not all with their shares of the links; a lower `limit migrations` lets them", together);
        Assert.Contains("2 steps, about ", inTurn);
    }

    [Fact]
    public async Task A_site_in_order_has_nothing_to_do_and_the_command_says_so()
    {
        var policies = _cli.Write("calm.ulm", "when host.cpu > 90% for 10m then evacuate heaviest fitting vm\n");
        var result = await PlanAsync(policies, "2026-01-05T12:00");
        Assert.Equal((0, "three-hosts.site.json at 2026-01-05 12:00:00 UTC: nothing to do\n", ""), (result.Exit, result.Out, result.Error));
    }

    [Fact]
    public async Task A_constraint_is_kept_and_named()
    {
        var policies = _cli.Write("keep.ulm", "always keep 3 hosts on\nat 20:00 consolidate and power off idle hosts\nnever migrate vm named \"*\"\n");
        var result = await PlanAsync(policies, "2026-01-05T20:00");
        Assert.Equal(0, result.Exit);
        Assert.Contains("ULM6206", result.Out);
        Assert.Contains("never migrate vm named \"*\"", result.Out);
    }

    [Theory]
    [InlineData("2026-01-05T20:00", 2)]
    [InlineData("2026-01-05 20:00:00", 2)]
    [InlineData("2026-01-05T19:00:00Z", 2)]
    [InlineData("2026-01-05T19:00Z", 2)]
    [InlineData("2026-01-05T21:00:00+02:00", 2)]
    [InlineData("2026-01-05T20:00:00Z", 0)]
    [InlineData("2026-01-04T20:00", 0)]
    public async Task Times_without_a_zone_are_local_to_the_policies(string at, int exit)
    {
        var policies = _cli.Write("night.ulm", "timezone \"Europe/Copenhagen\"\nalways keep 1 host on\nat 20:00 weekdays consolidate\n");
        Assert.Equal(exit, (await PlanAsync(policies, at, "--timezone", "America/New_York")).Exit);
    }

    [Theory]
    [InlineData("tomorrow", "--at: `tomorrow` is not a time")]
    [InlineData("2026-02-30", "--at: `2026-02-30` is not a time")]
    [InlineData("0001-01-01", "--at: `0001-01-01` is not a time")]
    [InlineData("2026-01-05T20:00+2", "--at: `2026-01-05T20:00+2` is not a time")]
    public async Task What_is_no_time_is_refused(string at, string message)
    {
        var result = await PlanAsync(Cli.Data("two-sentences.ulm"), at);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task Policies_with_errors_are_not_planned_with()
    {
        var result = await PlanAsync(_cli.Write("bad.ulm", "when host.cpu > 75 then evacuate heaviest fitting vm\nat 20:00 consolidate\n"), "2026-01-05T20:00");
        Assert.Equal((3, ""), (result.Exit, result.Out));
        Assert.Contains("error[ULM1103]", result.Error);
        Assert.EndsWith("ulm-server: the policies have 1 error; nothing was done\n", result.Error);
    }

    [Theory]
    [InlineData("--policies")]
    [InlineData("--site")]
    public async Task Policies_and_site_come_together(string only)
    {
        var result = await _cli.RunAsync("plan", only, Cli.Data("two-sentences.ulm"));
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("--site with --policies, --config or both", result.Error);
    }

    /// <summary>Three VMs leave h1, of 16, 8 and 4 GiB: 2 s each to begin with, then 240 s over its link; side by side they wait for one another's beginnings less.</summary>
    [Theory]
    [InlineData("migrations-in-total = 1", 246)]
    [InlineData("migrations-per-host = 1", 246)]
    [InlineData("cpu-percent = 80", 242)]
    public async Task With_a_servers_configuration_its_policies_and_its_limits_count(string limit, double seconds)
    {
        var config = Configuration(limit);
        _cli.Write("site/policies/a.ulm", "limit migrations to 3 per host\nwhen host.cpu > 75% for 10m then evacuate all vms\n");
        var site = _cli.Write("a.site.json", """
            { "schema": "ulm.site/1", "hosts": [ { "name": "h[1-3]", "cpus": 8, "memoryMiB": 65536 } ], "vms": [
              { "name": "a", "host": "h1", "vcpus": 4, "memoryMiB": 16384, "cpu": 90 },
              { "name": "b", "host": "h1", "vcpus": 2, "memoryMiB": 8192, "cpu": 90 },
              { "name": "c", "host": "h1", "vcpus": 2, "memoryMiB": 4096, "cpu": 90 } ] }
            """);

        var result = await _cli.RunAsync("plan", "--config", config, "--site", site, "--at", "2026-01-05T12:00", "--format", "json");

        Assert.Equal("", result.Error);
        Assert.Equal(4, result.Json.GetProperty("steps").GetArrayLength());
        Assert.Equal(seconds, Math.Floor(result.Json.GetProperty("seconds").GetDouble()));
    }

    [Theory]
    [InlineData("[server]\nmode = \"observe\"", 0, 0)]
    [InlineData("[limits]\ncpu-percent = 40", 2, 1)]
    [InlineData("", 2, 1)]
    public async Task Named_policies_are_planned_as_the_configured_server_would(string setting, int exit, int steps)
    {
        _cli.Write("site/policies/a.ulm", "at 20:00 consolidate\n");
        var result = await PlanAsync(Cli.Data("two-sentences.ulm"), "2026-01-05T12:00", "--config", Configuration(limit: "", setting), "--format", "json");
        Assert.Equal((exit, steps), (result.Exit, result.Json.GetProperty("steps").GetArrayLength()));
    }

    /// <summary>Of generated sites one where the plain search copies more than it has to.</summary>
    [Fact]
    public async Task With_the_solver_configured_a_consolidation_is_planned_by_it()
    {
        var site = _cli.Write("packed.site.json", SnapshotWriter.Write(GeneratedCluster.Create(20, 150, 3).Facts(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), withTraffic: false)));
        _cli.Write("site/policies/a.ulm", "at 20:00 consolidate\n");

        var (search, solver) = (await CopiedAsync(""), await CopiedAsync("[planner]\nsolver = \"cp-sat\"\nsolver-seconds = 10"));

        Assert.True(solver < search, $"{solver} MiB with the solver, {search} MiB without");

        async Task<long> CopiedAsync(string setting)
        {
            var json = (await _cli.RunAsync("plan", "--config", Configuration(limit: "", setting), "--site", site, "--at", "2026-01-05T20:00", "--format", "json")).Json;
            var memory = JsonDocument.Parse(File.ReadAllText(site)).RootElement.GetProperty("vms").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!, v => v.GetProperty("memoryMiB").GetInt64());
            return json.GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("action").GetString() == "migrate").Sum(s => memory[s.GetProperty("vm").GetString()!]);
        }
    }

    /// <summary>libvirt lets VMs have more memory than their host, so that live sites may be like this: it is planned for and told.</summary>
    [Theory]
    [InlineData("plan --at 2026-01-05T12:00", 2)]
    [InlineData("simulate --for 30m", 0)]
    public async Task A_host_whose_vms_have_more_memory_than_it_is_told_of(string command, int exit)
    {
        var site = _cli.Write("over.site.json", """
            { "schema": "ulm.site/1", "hosts": [ { "name": "h[1-2]", "cpus": 8, "memoryMiB": 65536 } ], "vms": [
              { "name": "a", "host": "h1", "vcpus": 4, "memoryMiB": 40960, "cpu": 10 },
              { "name": "b", "host": "h1", "vcpus": 2, "memoryMiB": 40960, "cpu": 10 } ] }
            """);
        var policies = _cli.Write("relieve.ulm", "when host.memory > 90% then evacuate heaviest fitting vm by memory\n");

        var result = await _cli.RunAsync([.. command.Split(' '), "--policies", policies, "--site", site, "--format", "json"]);

        Assert.Equal(exit, result.Exit);
        Assert.Contains("note: the 2 VMs on host h1 have 80GiB of memory together, more than its 64GiB; it takes no more until it has room\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("migrate", result.Out, StringComparison.Ordinal);
    }

    private string Configuration(string limit, string more = "") => _cli.Write(
        "site/ulm.toml", $"[policies]\ndirectory = \"policies\"\n{(limit.Length > 0 ? "[limits]\n" : "")}{limit}\n{more}\n[[host]]\nname = \"h1\"\nlibvirt = \"test:///default\"\nmunin = \"h1:4949\"\n");

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement), $"expected {expected}\nfound    {actual}");

    [Theory]
    [InlineData("plan --at 2026-01-05T12:00", "plan")]
    [InlineData("plan --timezone Europe/Copenhagen", "plan")]
    [InlineData("explain --rule r --at 2026-01-05T12:00", "explain --rule")]
    public async Task A_running_server_is_asked_of_now_and_no_other_time(string line, string command)
    {
        var result = await _cli.RunAsync([.. line.Split(' '), "--socket", _cli.In("none")]);
        Assert.Equal((1, "", $"ulm-server: --at and --timezone are for {command} on files; the running server answers as of now, in the zone of its policies\n"), (result.Exit, result.Out, result.Error));
    }
}
