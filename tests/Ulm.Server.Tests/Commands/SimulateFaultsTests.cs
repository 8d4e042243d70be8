using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ulm.Server.Tests.Commands;

/// <summary><c>simulate --faults</c>, on three hosts of which h1 sheds web1 at 00:10 and h2 goes off at 20:05.</summary>
public sealed class SimulateFaultsTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> RunAsync(string faults, params string[] more) => _cli.RunAsync(
    [
        "simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"),
        "--faults", _cli.Write("faults.json", $$"""{ "schema": "ulm.faults/1", "faults": [ {{faults}} ] }"""), .. more,
    ]);

    /// <summary>Four of six hosts go off for the night. h1 is told to wake and never comes up: h4 is woken in its place, and is measured in the minutes that are left.</summary>
    /// <summary>Without h3 nobody could cope with another failure: that is the crash's doing.</summary>
    [Fact]
    public async Task A_crash_alone_breaks_no_reserve()
    {
        var policies = _cli.Write("reserve.ulm", "reserve 1 host\nwhen host.cpu > 75% for 10m then evacuate heaviest fitting vm\n");
        var site = _cli.Write("three.json", """
            { "schema": "ulm.site/1", "hosts": [ { "name": "h[1-3]", "cpus": 8, "memoryMiB": 32768 } ],
              "vms": [ { "name": "v1", "host": "h1", "vcpus": 2, "memoryMiB": 20480, "cpu": 10 }, { "name": "v2", "host": "h2", "vcpus": 2, "memoryMiB": 20480, "cpu": 10 } ] }
            """);
        var faults = _cli.Write("crash.json", """{ "schema": "ulm.faults/1", "faults": [ { "kind": "host-crash", "hosts": "h3", "at": "30m", "for": "30m" } ] }""");

        var result = await _cli.RunAsync("simulate", "--policies", policies, "--site", site, "--faults", faults, "--for", "3h");

        Assert.Equal(0, result.Exit);
        Assert.Matches(@"violations +none", result.Out);
    }

    [Fact]
    public async Task The_morning_has_its_hosts_in_time_though_one_does_not_wake()
    {
        var policies = _cli.Write("p.ulm", "timezone \"UTC\"\npolicy night at 20:00 daily consolidate and power off idle hosts\npolicy ready have 4 hosts on by 07:30 weekdays\n");
        var vms = string.Join(", ", Enumerable.Range(0, 18).Select(i => $$"""{ "name": "v{{i}}", "host": "h{{1 + (i % 6)}}", "vcpus": 2, "memoryMiB": 4096, "cpu": 20 }"""));
        var site = _cli.Write("s.site.json", $$"""{ "schema": "ulm.site/1", "hosts": [ { "name": "h[1-6]", "cpus": 8, "memoryMiB": 65536, "power": { "bootSeconds": 180 } } ], "vms": [ {{vms}} ] }""");
        var faults = _cli.Write("wake.json", """{ "schema": "ulm.faults/1", "faults": [ { "kind": "wake-fails", "hosts": "h1" } ] }""");

        var result = await _cli.RunAsync("simulate", "--policies", policies, "--site", site, "--faults", faults, "--from", "2026-01-05T19:00", "--for", "13h");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            ["07:16:00 power on host h1", "07:16:00 power on host h3", "07:22:00 power on host h4"],
            Regex.Matches(result.Out, "2026-01-06 (\\S+)  (power on host \\S+)").Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Where(l => !l.StartsWith("07:31", StringComparison.Ordinal)));
        Assert.Contains("violations                 none", result.Out);
    }

    [Fact]
    public async Task A_fault_that_comes_after_the_end_is_told()
    {
        var result = await RunAsync("""{ "kind": "host-crash", "hosts": "h3", "at": "50h" }""", "--for", "2h");
        Assert.Contains("note: host-crash on hosts h3 at 2026-01-07 02:00:00 UTC never strikes: the run ends at 2026-01-05 02:00:00 UTC\n", result.Error);
    }

    [Fact]
    public async Task Faults_are_told_as_they_strike_between_the_decisions()
    {
        var result = await RunAsync("""
            { "kind": "host-crash", "hosts": "h3", "at": "1h", "for": "20m" },
            { "kind": "bmc-refuses", "hosts": "h2", "at": "2026-01-05T20:00", "for": "1h" }
            """);
        Assert.Equal(0, result.Exit);
        Assert.Contains(
            """
            2026-01-05 00:10:00  migrate vm web1 from h1 to h3  two-sentences.ulm:1: host.cpu = 85% > 75% for 10m
            2026-01-05 01:00:00  fault                          host h3 crashes, for 20m
            2026-01-05 01:20:00  fault                          host h3 is back, and its VMs with it
            2026-01-05 20:00:00  migrate vm app1 from h2 to h1  two-sentences.ulm:2: its time came at 20:00:00
            2026-01-05 20:05:36  power off host h2              two-sentences.ulm:2: its time came at 20:00:00
            2026-01-05 20:05:36  fault                          the BMC of h2 refuses to power off
            2026-01-05 20:05:36  failed                         power off host h2: the BMC of h2 refuses
            """, result.Out);
        Assert.Contains("  faults                        3   that struck or passed\n", result.Out);
    }

    [Fact]
    public async Task Json_has_them_and_without_faults_has_no_such_field()
    {
        var faults = (await RunAsync("""{ "kind": "migration-fails" }""", "--for", "15m", "--format", "json")).Json.GetProperty("faults");
        var only = Assert.Single(faults.EnumerateArray());
        Assert.Equal("vm/web1", only.GetProperty("subject").GetString());
        Assert.Matches("^the migration of vm web1 to h3 breaks off after [0-9.]+% of its memory$", only.GetProperty("text").GetString());

        var without = await _cli.RunAsync(
            "simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), "--for", "15m", "--format", "json");
        Assert.False(without.Json.TryGetProperty("faults", out _));
    }

    [Fact]
    public async Task A_seed_decides_what_is_left_to_chance()
    {
        const string often = """{ "kind": "munin-silent", "every": "3h", "for": "10m" }""";

        Assert.Equal(await StruckAsync("1"), await StruckAsync("1"));
        Assert.NotEqual(await StruckAsync("1"), await StruckAsync("2"));

        async Task<string> StruckAsync(string seed) => (await RunAsync(often, "--seed", seed, "--format", "json")).Json.GetProperty("faults").GetRawText();
    }

    [Fact]
    public async Task The_report_marks_them_and_shows_a_host_that_does_not_answer()
    {
        await RunAsync("""{ "kind": "host-crash", "hosts": "h3", "at": "1h", "for": "2h" }""", "--report", _cli.In("out.html"));

        var page = File.ReadAllText(_cli.In("out.html"));
        var run = JsonDocument.Parse(Regex.Match(page, "id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement.GetProperty("runs")[0];
        Assert.Equal(2, run.GetProperty("totals").GetProperty("faults").GetArrayLength());
        // Columns of five minutes: an hour on, two silent, on again.
        Assert.Matches("^[A-Za-z]{12}!{24}[A-Za-z]+$", run.GetProperty("series").GetProperty("heat").GetProperty("h3").GetString());
    }

    [Theory]
    [InlineData("""{ "kind": "host-crush" }""", "faults[0].kind", "\"host-crush\" is not a kind of fault", "did you mean `host-crash`?")]
    [InlineData("""{ "kind": "host-crash", "hosts": "h9*" }""", "faults[0].hosts", "no host of the site fits `h9*`", null)]
    [InlineData("""{ "kind": "migration-fails", "vms": "wob1" }""", "faults[0].vms", "the site has no vm wob1", "did you mean `web1`?")]
    [InlineData("""{ "kind": "host-crash", "at": "noon" }""", "faults[0].at", "`at` is \"noon\", which is no time", "write a time such as 2026-01-05T20:00, or how long after the beginning, such as 3h")]
    [InlineData("""{ "kind": "host-crash", "for": "0s" }""", "faults[0].for", "`for` is \"0s\", which is no duration above zero", "write a number and its unit, such as 90s, 10m, 1h30m or 2d")]
    [InlineData("""{ "kind": "munin-silent", "every": "1d" }""", "faults[0]", "a fault has no `for`", "what comes again and again lasts for a time: `\"for\": \"10m\"`")]
    [InlineData("""{ "kind": "host-crash", "chancePercent": 5 }""", "faults[0].chancePercent", "`host-crash` has no chance: it is there for its whole time", "for one that comes at random write how often: `\"every\": \"30d\"`")]
    [InlineData("""{ "kind": "wake-fails", "chancePercent": 101 }""", "faults[0].chancePercent", "`chancePercent` is 101, outside 0 to 100", null)]
    [InlineData("""{ "kind": "wake-fails", "vms": "web1" }""", "faults[0].vms", "`wake-fails` strikes hosts, not VMs", "write `hosts`, or leave it out for all of them")]
    [InlineData("""{ "kind": "wake-fails", "host": "h1" }""", "faults[0].host", "`host` is not a field of a fault", "did you mean `hosts`?")]
    [InlineData("7", "faults[0]", "a fault is 7, where an object is needed", null)]
    public async Task A_faulty_file_is_refused_with_place_and_reason_and_nothing_is_simulated(string fault, string path, string message, string? help)
    {
        var result = await RunAsync("\n" + fault);
        var field = path.Split('.') is [_, var name] ? name : null;
        // A fault of a field points at its value, one of the whole at its beginning.
        var column = 1 + (field is null ? 0 : fault.IndexOf($"\"{field}\": ", StringComparison.Ordinal) + field.Length + 4);

        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains($"error: {message}\n --> faults.json:2:{column} ({path})\n{(help is null ? "" : $"  = help: {help}\n")}".TrimEnd('\n'), result.Error);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("[]", "a file of faults is one JSON object")]
    [InlineData("""{ "schema": "ulm.site/1", "faults": [] }""", "the schema is \"ulm.site/1\", not \"ulm.faults/1\"")]
    [InlineData("""{ "schema": "ulm.faults/1" }""", "a file of faults has no `faults`")]
    [InlineData("""{ "schema": "ulm.faults/1", "faults": [ { "kind": "wake-fails", "chancePercent": NaN } ] }""", "it is not JSON")]
    public async Task A_file_of_another_kind_is_refused(string text, string message)
    {
        var result = await _cli.RunAsync(
            "simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), "--faults", _cli.Write("faults.json", text));

        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(message, result.Error);
    }
}
