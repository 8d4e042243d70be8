using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ulm.Server.Tests.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> SmallAsync(params string[] more) =>
        _cli.RunAsync(["simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), .. more]);

    private Task<CliResult> OfficeAsync(params string[] more) => _cli.RunAsync(
        ["simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("office.site.json"), "--trace", Cli.Data("office-day.tsv"), .. more]);

    [Fact]
    public async Task A_day_of_the_two_sentences_reads_like_this()
    {
        var result = await SmallAsync();
        Assert.Equal((0, "note: the policies have 1 warning; `ulm-server validate` shows them\n"), (result.Exit, result.Error));
        Assert.Equal(
            """
            3 hosts, 5 VMs, 2 rules; 24h from 2026-01-05 00:00:00, a look every 1m; times in UTC

            2026-01-05 00:10:00  migrate vm web1 from h1 to h3  two-sentences.ulm:1: host.cpu = 85% > 75% for 10m
            2026-01-05 20:00:00  migrate vm app1 from h2 to h1  two-sentences.ulm:2: its time came at 20:00:00
            2026-01-05 20:05:36  power off host h2              two-sentences.ulm:2: its time came at 20:00:00

            Not done:
              ULM6201  two-sentences.ulm:2 on host/h3
                vm web1 (8GiB) fits on none of 1 host(s): h1 cpu 42.5% + 47.5% is over 65%

              looks                      1440   in - s
              migrations                    2
              host power cycles             1
              hosts on, mean             2.84   of 3
              energy                10.14 kWh   10.53 kWh without policies (-3.7 %)
              SLATAH                      0 %   share of hosts' time at full CPU
              PDM                    0.0025 %   share of CPU lost to migrations
              SLAV                          0   SLATAH x PDM
              ESV                           0   energy x SLAV
              violations                 none

            """, result.Out);
    }

    [Fact]
    public async Task An_overloaded_host_sheds_exactly_one_vm_and_then_has_rest()
    {
        var json = (await SmallAsync("--for", "19h", "--format", "json")).Json;
        var only = Assert.Single(json.GetProperty("decisions").EnumerateArray());
        Assert.Equal(["time", "rule", "action", "subject", "from", "to", "reason"], only.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ("2026-01-05T00:10:00Z", "two-sentences.ulm:1", "migrate", "vm/web1", "h1", "h3", "host.cpu = 85% > 75% for 10m"),
            (Text(only, "time"), Text(only, "rule"), Text(only, "action"), Text(only, "subject"), Text(only, "from"), Text(only, "to"), Text(only, "reason")));
        Assert.Equal("h3", Text(json.GetProperty("finalPlacement"), "web1"));
    }

    [Fact]
    public async Task Json_has_the_fields_of_the_contract_in_its_order()
    {
        var json = (await SmallAsync("--format", "json")).Json;
        Assert.Equal(
            ["schema", "steps", "migrations", "hostPowerCycles", "energyKWh", "energyKWhWithoutPolicies", "slatahPercent", "pdmPercent", "slav", "esv",
                "meanHostsOn", "decisions", "violations", "finalPlacement", "wallSeconds",
                // Beyond the contract.
                "hostHoursOff", "notDone"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("ulm.simulation/1", 1440, 2, 1), (Text(json, "schema"), json.GetProperty("steps").GetInt32(), json.GetProperty("migrations").GetInt32(), json.GetProperty("hostPowerCycles").GetInt32()));
        // 85, 5 and 2.5 % of 100 W idle to 250 W full, for a day.
        Assert.Equal((3 * 100 + 1.5 * (85 + 5 + 2.5)) * 24 / 1000, json.GetProperty("energyKWhWithoutPolicies").GetDouble(), 9);
        Assert.InRange(json.GetProperty("energyKWh").GetDouble(), 10, 10.53);
        var refused = Assert.Single(json.GetProperty("notDone").EnumerateArray());
        Assert.Equal(("ULM6201", "two-sentences.ulm:2", "host/h3", 1), (Text(refused, "code"), Text(refused, "rule"), Text(refused, "subject"), refused.GetProperty("times").GetInt32()));
        Assert.Equal("vm web1 (8GiB) fits on none of 1 host(s): h1 cpu 42.5% + 47.5% is over 65%", Assert.Single(refused.GetProperty("why").EnumerateArray()).GetString());
        Assert.Empty(json.GetProperty("violations").EnumerateArray());
        Assert.Equal(["app1", "app2", "db1", "web1", "web2"], json.GetProperty("finalPlacement").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_recorded_day_is_replayed_whole_and_the_decisions_lead_to_the_final_placement()
    {
        var result = await OfficeAsync("--format", "json");
        var json = result.Json;
        Assert.Equal((0, 288), (result.Exit, json.GetProperty("steps").GetInt32()));
        Assert.Empty(json.GetProperty("violations").EnumerateArray());
        var moves = json.GetProperty("decisions").EnumerateArray().Where(d => Text(d, "action") == "migrate").ToList();
        Assert.Contains(moves, m => Text(m, "rule") == "two-sentences.ulm:1");
        Assert.Equal(json.GetProperty("migrations").GetInt32(), moves.Count);

        var place = JsonNode.Parse(File.ReadAllText(Cli.Data("office.site.json")))!["vms"]!.AsArray().ToDictionary(v => (string)v!["name"]!, v => (string)v!["host"]!);
        foreach (var move in moves)
        {
            var vm = Text(move, "subject")!["vm/".Length..];
            Assert.Equal(place[vm], Text(move, "from"));
            place[vm] = Text(move, "to")!;
        }

        Assert.Equal(place.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)),
            json.GetProperty("finalPlacement").EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)));
        var off = json.GetProperty("decisions").EnumerateArray().Where(d => Text(d, "action") == "powerOff").Select(d => Text(d, "subject")!["host/".Length..]).ToList();
        Assert.NotEmpty(off);
        Assert.DoesNotContain(place.Values, off.Contains);
    }

    [Fact]
    public async Task Percent_fields_are_per_cent_and_slav_and_esv_are_made_of_fractions()
    {
        // One host at full CPU all the time, one VM that is moved: both figures are above zero.
        var site = _cli.Write("full.site.json", """
            { "schema": "ulm.site/1",
              "hosts": [ { "name": "h[1-2]", "cpus": 4, "memoryMiB": 65536 } ],
              "vms": [ { "name": "a", "host": "h1", "vcpus": 4, "memoryMiB": 4096, "cpu": 100 },
                       { "name": "b", "host": "h1", "vcpus": 2, "memoryMiB": 4096, "cpu": 50 } ] }
            """);
        var json = (await _cli.RunAsync("simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--for", "2h", "--format", "json")).Json;
        var (slatah, pdm) = (json.GetProperty("slatahPercent").GetDouble(), json.GetProperty("pdmPercent").GetDouble());
        // h1 stays full for 100 %; h2 takes the small VM and is never full: the mean of the two is half.
        Assert.Equal(50, slatah, 6);
        Assert.InRange(pdm, 0.001, 1);
        Assert.Equal(slatah / 100 * (pdm / 100), json.GetProperty("slav").GetDouble(), 12);
        Assert.Equal(json.GetProperty("energyKWh").GetDouble() * json.GetProperty("slav").GetDouble(), json.GetProperty("esv").GetDouble(), 12);
    }

    [Theory]
    [InlineData]
    [InlineData("--seed", "5")]
    public async Task The_same_question_has_the_same_answer(params string[] more)
    {
        var (first, second) = (await OfficeAsync([.. more, "--format", "json"]), await OfficeAsync([.. more, "--format", "json"]));
        Assert.Equal(WithoutWallTime(first), WithoutWallTime(second));
        Assert.Equal((await OfficeAsync(more)).Out, (await OfficeAsync(more)).Out);
    }

    [Fact]
    public async Task A_seed_makes_a_load_of_its_own_and_another_seed_another()
    {
        var energies = new List<double>();
        foreach (var seed in (string[])["1", "2"])
            energies.Add((await SmallAsync("--seed", seed, "--for", "6h", "--format", "json")).Json.GetProperty("energyKWhWithoutPolicies").GetDouble());
        energies.Add((await SmallAsync("--for", "6h", "--format", "json")).Json.GetProperty("energyKWhWithoutPolicies").GetDouble());
        Assert.Equal(3, energies.Distinct().Count());
    }

    [Fact]
    public async Task A_part_of_a_trace_runs_to_its_end_and_beyond_it_is_said_to_repeat()
    {
        var rest = await OfficeAsync("--from", "2026-01-05T18:00:00Z", "--format", "json");
        Assert.Equal(72, rest.Json.GetProperty("steps").GetInt32());
        Assert.DoesNotContain("repeated", rest.Error);
        var longer = await OfficeAsync("--for", "25h", "--step", "10m", "--format", "json");
        Assert.Equal(150, longer.Json.GetProperty("steps").GetInt32());
        Assert.Contains("note: the trace covers 2026-01-05T00:00:00Z to 2026-01-06T00:00:00Z; outside of that it is repeated\n", longer.Error);
    }

    [Fact]
    public async Task Vms_without_a_row_keep_the_snapshots_load_and_the_user_is_told()
    {
        var trace = _cli.Write("web1.tsv", "#ulm.trace/1 start=2026-01-05T00:00:00Z step=5m metric=vm.cpu\nweb1\t95\t_\t95\t95\t95\t95\n");
        var result = await SmallAsync("--trace", trace, "--format", "json");
        Assert.Contains("note: 4 of 5 VMs have no row in the trace; their load is the snapshot's\n", result.Error);
        Assert.Equal("vm/web1", Text(Assert.Single(result.Json.GetProperty("decisions").EnumerateArray()), "subject"));
    }

    [Fact]
    public async Task Several_traces_record_several_attributes_each_its_own()
    {
        var load = _cli.Write("load.tsv", "#ulm.trace/1 start=2026-01-05T00:00:00Z step=5m metric=vm.cpu\napp1\t50\t50\t50\t50\t50\t50\n");
        // h3 is said to be hot, whatever its VM needs.
        var hosts = _cli.Write("hosts.tsv", "#ulm.trace/1 start=2026-01-05T00:00:00Z step=5m metric=host.cpu\nh1\t40\t40\t40\t40\t40\t40\nh3\t90\t90\t90\t90\t90\t_\n");
        var result = await SmallAsync("--trace", load, hosts, "--format", "json");
        Assert.Equal((0, 6), (result.Exit, result.Json.GetProperty("steps").GetInt32()));
        Assert.Equal("vm/app2", Text(Assert.Single(result.Json.GetProperty("decisions").EnumerateArray()), "subject"));

        var twice = await SmallAsync("--trace", hosts, "--trace", load, "--trace", hosts);
        Assert.Equal(1, twice.Exit);
        Assert.EndsWith("ulm-server: hosts.tsv and hosts.tsv all record host.cpu; give one trace an attribute\n", twice.Error);
    }

    [Fact]
    public async Task A_schedule_that_is_due_at_the_very_start_is_pointed_out()
    {
        const string Note = "note: two-sentences.ulm:2 is due at the very start, when nothing acts yet; begin earlier to see what it does\n";
        var at = await SmallAsync("--from", "2026-01-05T20:00", "--for", "1h", "--format", "json");
        Assert.Contains(Note, at.Error);
        Assert.DoesNotContain(at.Json.GetProperty("decisions").EnumerateArray(), d => Text(d, "rule") == "two-sentences.ulm:2");
        var before = await SmallAsync("--from", "2026-01-05T19:59", "--for", "1h", "--format", "json");
        Assert.DoesNotContain("very start", before.Error);
        Assert.Contains(before.Json.GetProperty("decisions").EnumerateArray(), d => Text(d, "rule") == "two-sentences.ulm:2");
    }

    [Fact]
    public async Task A_site_without_any_load_is_pointed_out()
    {
        var site = _cli.Write("idle.site.json", """{ "schema": "ulm.site/1", "hosts": [ { "name": "h1", "cpus": 4, "memoryMiB": 4096 } ], "vms": [ { "name": "a", "host": "h1", "vcpus": 1, "memoryMiB": 512 } ] }""");
        string[] args = ["simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--for", "10m"];
        Assert.Contains("note: the snapshot gives no VM any load; --trace or --seed does\n", (await _cli.RunAsync(args)).Error);
        Assert.DoesNotContain("any load", (await _cli.RunAsync([.. args, "--seed", "1"])).Error);
    }

    [Fact]
    public async Task Local_times_are_printed_in_the_policies_zone_and_schedules_follow_it()
    {
        var policies = _cli.Write("night.ulm", "timezone \"Europe/Copenhagen\"\nalways keep 1 host on\npolicy night at 20:00 consolidate and power off idle hosts\n");
        var args = (string[])["simulate", "--policies", policies, "--site", Cli.Data("three-hosts.site.json"), "--from", "2026-07-01T19:00", "--for", "2h"];
        Assert.Contains("2026-07-01 20:00:00  migrate vm", (await _cli.RunAsync(args)).Out);
        var first = (await _cli.RunAsync([.. args, "--format", "json"])).Json.GetProperty("decisions")[0];
        Assert.Equal("2026-07-01T18:00:00Z", Text(first, "time"));
    }

    [Fact]
    public async Task Colour_only_where_the_terminal_has_it()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        string[] args = ["simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), "--for", "1h"];
        await Server.Commands.CommandLine.RunAsync(args, new Server.Commands.Terminal(output, error, Colour: true));
        Assert.Contains("\e[1mtwo-sentences.ulm:1\e[0m", output.ToString());
        Assert.DoesNotContain("\e[", (await SmallAsync("--for", "1h")).Out);
    }

    [Theory]
    [InlineData("--for", "10x", "--for: `10x` is not a duration")]
    [InlineData("--for", "30s", "--for: 30s is outside 1m to")]
    [InlineData("--for", "20000d", "--for: 20000d is outside")]
    [InlineData("--step", "0s", "--step: 0s is outside 1s to 24h")]
    [InlineData("--from", "noon", "--from: `noon` is not a time")]
    [InlineData("--timezone", "Copenhagen", "did you mean Europe/Copenhagen?")]
    [InlineData("--timezone", "../../etc/passwd", "is not a time zone")]
    [InlineData("--seed", "many", "--seed: `many` is not a whole number")]
    [InlineData("--format", "xml", "--format: `xml` is neither text nor json")]
    [InlineData("--faults", "/nope.json", "/nope.json can't be used:\n\nerror: there is no such file")]
    [InlineData("--trace", "/nope.tsv", "/nope.tsv can't be used:\n\nerror: there is no such file")]
    [InlineData("--site", "/", "/ can't be used:\n\nerror: it is a directory")]
    public async Task Mistaken_options_run_nothing(string option, string value, string message)
    {
        string[] site = option == "--site" ? [] : ["--site", Cli.Data("three-hosts.site.json")];
        var result = await _cli.RunAsync(["simulate", "--policies", Cli.Data("two-sentences.ulm"), .. site, option, value]);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(message, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Theory]
    [InlineData("[server]\nmode = \"observe\"", 0)]
    [InlineData("[limits]\ncpu-percent = 10", 0)]
    [InlineData("[polling]\ninterval = \"5m\"", 1)]
    public async Task A_run_is_of_the_server_that_is_configured(string setting, int migrations)
    {
        _cli.Write("site/policies/a.ulm", "when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n");
        var config = _cli.Write("site/ulm.toml", $"[policies]\ndirectory = \"policies\"\n{setting}\n[[host]]\nname = \"h1\"\nlibvirt = \"test:///default\"\nmunin = \"h1:4949\"\n");

        var json = (await _cli.RunAsync("simulate", "--config", config, "--site", Cli.Data("three-hosts.site.json"), "--for", "1h", "--format", "json")).Json;

        Assert.Equal(migrations, json.GetProperty("migrations").GetInt32());
        Assert.Equal(setting.Contains("5m") ? 12 : 60, json.GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task Policies_with_errors_are_not_run()
    {
        var result = await _cli.RunAsync("simulate", "--policies", _cli.Write("bad.ulm", "at 25:00 consolidate\n"), "--site", Cli.Data("three-hosts.site.json"));
        Assert.Equal((3, ""), (result.Exit, result.Out));
        Assert.Contains("bad.ulm:1:4", result.Error);
    }

    [Fact]
    public async Task A_snapshot_with_a_fault_is_not_run()
    {
        var site = _cli.Write("s.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")).Replace("\"h2\"", "\"h22\""));
        var result = await _cli.RunAsync("simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", site);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("vm app1 is on host h22, which the snapshot does not have\n --> s.site.json:7:31 (vms[3].host)\n  = help: did you mean `h2`?", result.Error);
    }

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();

    private static string WithoutWallTime(CliResult result)
    {
        var node = JsonNode.Parse(result.Out)!.AsObject();
        node.Remove("wallSeconds");
        return node.ToJsonString();
    }
}
