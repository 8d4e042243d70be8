using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ulm.Server.Tests.Commands;

public sealed partial class SimulateReportTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> SmallAsync(params string[] more) =>
        _cli.RunAsync(["simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", Cli.Data("three-hosts.site.json"), .. more]);

    private async Task<string> PageAsync(params string[] more)
    {
        var result = await SmallAsync(["--report", _cli.In("out.html"), .. more]);
        Assert.Equal(0, result.Exit);
        return File.ReadAllText(_cli.In("out.html"));
    }

    private string Calm() => _cli.Write("calm.ulm", "when host.cpu > 95% for 30m then evacuate heaviest fitting vm\n");

    [Fact]
    public async Task The_page_needs_nothing_but_itself()
    {
        var page = (await PageAsync("--compare", Calm())).Replace("http://www.w3.org/2000/svg", "");
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.DoesNotMatch(@"\ssrc=|\shref=|<link|<iframe|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|innerHTML|@[A-Z]+@", page);
        Assert.Contains("default-src 'none'", page);
    }

    [Fact]
    public async Task The_content_policy_lets_exactly_the_pages_own_script_and_style_run()
    {
        var page = await PageAsync();
        foreach (var (tag, directive) in new[] { ("script", "script-src"), ("style", "style-src") })
        {
            var content = Regex.Match(page, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value;
            var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content)));
            Assert.Contains($"{directive} 'sha256-{hash}'", page);
        }
    }

    [Fact]
    public async Task Its_totals_are_those_of_the_json_output()
    {
        var json = JsonNode.Parse((await SmallAsync("--format", "json", "--report", _cli.In("out.html"))).Out)!.AsObject();
        json.Remove("wallSeconds");
        var run = Data(File.ReadAllText(_cli.In("out.html"))).GetProperty("runs")[0];
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(run.GetProperty("totals").GetRawText())));
    }

    [Fact]
    public async Task Its_curves_add_up_to_the_totals()
    {
        var data = Data(await PageAsync("--for", "25h"));
        var (run, length) = (data.GetProperty("runs")[0], data.GetProperty("columnSeconds").GetDouble());
        var rest = data.GetProperty("seconds").GetDouble();
        var (energy, without, hostSeconds) = (0.0, 0.0, 0.0);
        for (var i = 0; rest > 0; i++, rest -= length)
        {
            var seconds = Math.Min(length, rest);
            energy += At("watts", i) * seconds / 3.6e6;
            without += At("wattsWithoutPolicies", i) * seconds / 3.6e6;
            hostSeconds += At("hostsOn", i) * seconds;
        }

        var totals = run.GetProperty("totals");
        Assert.Equal(totals.GetProperty("energyKWh").GetDouble(), energy, 0.002);
        Assert.Equal(totals.GetProperty("energyKWhWithoutPolicies").GetDouble(), without, 0.002);
        Assert.Equal(totals.GetProperty("meanHostsOn").GetDouble(), hostSeconds / data.GetProperty("seconds").GetDouble(), 0.01);

        double At(string series, int column) => run.GetProperty("series").GetProperty(series)[column].GetDouble();
    }

    [Fact]
    public async Task The_heat_map_shows_load_and_which_host_went_off_when()
    {
        var heat = Data(await PageAsync()).GetProperty("runs")[0].GetProperty("series").GetProperty("heat");
        var (h1, h2) = (heat.GetProperty("h1").GetString()!, heat.GetProperty("h2").GetString()!);
        Assert.Equal((288, 288), (h1.Length, h2.Length));
        // 85 % of 50 steps; from 20:05 on, h2 is off for good, and h1 never is.
        Assert.Equal("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"[42], h1[0]);
        Assert.DoesNotContain('-', h1);
        Assert.Equal(h2.Length - h2.IndexOf('-'), h2.Count(c => c == '-'));
        Assert.InRange(h2.IndexOf('-'), 20 * 12 + 1, 20 * 12 + 3);
    }

    [Fact]
    public async Task Refusals_and_the_policies_themselves_are_in_it()
    {
        var run = Data(await PageAsync()).GetProperty("runs")[0];
        var refusal = Assert.Single(run.GetProperty("refusals").EnumerateArray());
        Assert.Equal(("ULM6201", "host/h3"), (refusal.GetProperty("code").GetString(), refusal.GetProperty("subject").GetString()));
        Assert.StartsWith("vm web1 (8GiB) fits on none", refusal.GetProperty("why")[0].GetString());
        Assert.Equal(File.ReadAllText(Cli.Data("two-sentences.ulm")), run.GetProperty("policies")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Names_that_are_markup_stay_text()
    {
        const string Name = "</script><script>alert('&amp;')</script><!--";
        var site = _cli.Write("<b>.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")).Replace("\"web1\"", JsonSerializer.Serialize(Name)));
        var result = await _cli.RunAsync("simulate", "--policies", Cli.Data("two-sentences.ulm"), "--site", site, "--report", _cli.In("out.html"));
        Assert.Equal((0, true), (result.Exit, File.Exists(_cli.In("out.html"))));
        var page = File.ReadAllText(_cli.In("out.html"));
        Assert.DoesNotContain("alert('", page);
        Assert.DoesNotContain("<b>", page);
        Assert.Equal(2, Regex.Count(page, "</script"));
        var first = Data(page).GetProperty("runs")[0].GetProperty("totals").GetProperty("decisions")[0];
        Assert.Equal("vm/" + Name, first.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task The_same_question_gives_the_same_bytes()
    {
        string[] args = ["--seed", "3", "--compare", Calm()];
        Assert.Equal(await PageAsync(args), await PageAsync(args));
    }

    [Fact]
    public async Task Times_are_those_of_the_policies_zone_also_where_clocks_change()
    {
        var policies = _cli.Write("zone.ulm", "timezone \"Europe/Copenhagen\"\nat 20:00 consolidate and power off idle hosts\n");
        await _cli.RunAsync("simulate", "--policies", policies, "--site", Cli.Data("three-hosts.site.json"), "--from", "2026-03-28T12:00", "--for", "2d", "--report", _cli.In("out.html"));
        var data = Data(File.ReadAllText(_cli.In("out.html")));
        Assert.Equal("Europe/Copenhagen", data.GetProperty("zone").GetString());
        Assert.Equal(new DateTimeOffset(2026, 3, 28, 11, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), data.GetProperty("from").GetInt64());
        var change = data.GetProperty("offsets").EnumerateArray().Select(o => (o.GetProperty("from").GetInt64(), o.GetProperty("minutes").GetDouble())).ToList();
        Assert.Equal([60, 120], change.Select(c => c.Item2));
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), change[1].Item1);
    }

    /// <summary>Two sets are compared by one clock, unless one of them says otherwise, and then that is told.</summary>
    [Theory]
    [InlineData("", "", 60, false)]
    [InlineData("timezone \"UTC\"\n", "", 120, true)]
    [InlineData("", "--timezone UTC", 120, true)]
    [InlineData("", "--timezone Europe/Copenhagen", 60, false)]
    public async Task Compared_policies_without_a_zone_run_by_the_clock_of_the_first(string own, string options, int minutes, bool told)
    {
        var first = _cli.Write("zone.ulm", "timezone \"Europe/Copenhagen\"\nat 02:00 notify \"now\"\n");
        var other = _cli.Write("other.ulm", $"{own}at 02:00 notify \"now\"\n");

        var result = await _cli.RunAsync([
            "simulate", "--policies", first, "--compare", other, "--site", Cli.Data("three-hosts.site.json"), "--from", "2026-01-05T00:00:00Z", "--for", "4h", "--format", "json",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        var start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([60], Times(result.Json));
        Assert.Equal([minutes], Times(result.Json.GetProperty("compared")));
        Assert.Equal(told, result.Error.Contains("the compared policies are run by the clock of UTC, the others by that of Europe/Copenhagen", StringComparison.Ordinal));

        IEnumerable<int> Times(JsonElement run) => run.GetProperty("decisions").EnumerateArray().Select(d => (int)(d.GetProperty("time").GetDateTimeOffset() - start).TotalMinutes);
    }

    [Fact]
    public async Task A_large_site_stays_a_small_page()
    {
        var vms = Enumerable.Range(0, 1000).Select(i => $$"""{ "name": "vm{{i}}", "host": "node{{i % 800 + 1:000}}", "vcpus": 2, "memoryMiB": 2048, "cpu": 40 }""");
        var site = _cli.Write("large.site.json", $$"""{ "schema": "ulm.site/1", "hosts": [ { "name": "node[001-800]", "cpus": 8, "memoryMiB": 65536 } ], "vms": [ {{string.Join(',', vms)}} ] }""");
        var policies = _cli.Write("pack.ulm", "at 01:00 consolidate and power off idle hosts\n");
        var result = await _cli.RunAsync("simulate", "--policies", policies, "--site", site, "--step", "5m", "--report", _cli.In("out.html"), "--compare", Calm());
        Assert.Equal(0, result.Exit);
        Assert.InRange(new FileInfo(_cli.In("out.html")).Length, 500_000, 5_000_000);
    }

    [Fact]
    public async Task A_second_set_of_policies_stands_beside_the_first()
    {
        var calm = Calm();
        var page = Data(await PageAsync("--compare", calm));
        Assert.Equal(["two-sentences.ulm", "calm.ulm"], page.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("label").GetString()));

        var json = (await SmallAsync("--compare", calm, "--format", "json")).Json;
        var alone = (await _cli.RunAsync("simulate", "--policies", calm, "--site", Cli.Data("three-hosts.site.json"), "--format", "json")).Json;
        var compared = json.GetProperty("compared");
        Assert.Equal((2, 0), (json.GetProperty("migrations").GetInt32(), compared.GetProperty("migrations").GetInt32()));
        Assert.Equal(WithoutWallTime(alone), WithoutWallTime(compared));
        Assert.Equal(WithoutWallTime(compared), WithoutWallTime(page.GetProperty("runs")[1].GetProperty("totals")));

        var text = (await SmallAsync("--compare", calm)).Out;
        Assert.EndsWith(
            """

                                   these policies         compared       difference
              migrations                        2                0               -2
              host power cycles                 1                0               -1
              hosts on, mean                 2.84                3            +0.16
              host-hours off                  3.9                0             -3.9
              energy                    10.14 kWh        10.53 kWh        +0.39 kWh
              SLATAH                          0 %              0 %             same
              PDM                        0.0025 %              0 %        -0.0025 %
              SLAV                              0                0             same
              ESV                               0                0             same
              violations                        0                0             same

            """, text);
    }

    [Fact]
    public async Task Differences_are_those_of_the_figures_as_shown()
    {
        var text = (await SmallAsync("--seed", "7", "--for", "2d", "--compare", Calm())).Out;
        foreach (var row in text.Split('\n').SkipWhile(l => !l.Contains("these policies")).Skip(1).Where(l => l.Length > 0 && !l.Contains('E')))
        {
            var figures = Regex.Matches(row[20..], @"[+-]?[0-9.]+|same").Select(m => m.Value == "same" ? 0 : double.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(figures[1] - figures[0], figures[2], 9);
        }
    }

    [Fact]
    public async Task Compared_policies_with_errors_are_not_run()
    {
        var result = await SmallAsync("--compare", _cli.Write("bad.ulm", "at 25:00 consolidate\n"));
        Assert.Equal((3, ""), (result.Exit, result.Out));
        Assert.Contains("bad.ulm:1:4", result.Error);
    }

    [Fact]
    public async Task Two_sets_of_the_same_name_are_told_apart_by_their_paths()
    {
        var (old, next) = (_cli.Write("old/p.ulm", "at 20:00 consolidate\n"), _cli.Write("new/p.ulm", "at 21:00 consolidate\n"));
        await _cli.RunAsync("simulate", "--policies", old, "--compare", next, "--site", Cli.Data("three-hosts.site.json"), "--for", "1h", "--report", _cli.In("out.html"));
        Assert.Equal([old, next], Data(File.ReadAllText(_cli.In("out.html"))).GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("label").GetString()));
    }

    [Theory]
    [InlineData("none/out.html", "can't be written: there is no such directory")]
    [InlineData("", "is a directory; name a file in it")]
    [InlineData("p.ulm", "is read by this very command; name another file")]
    [InlineData("p.ulm/out.html", "can't be written: ")]
    public async Task A_page_that_can_not_be_written_costs_no_simulation(string name, string message)
    {
        var policies = _cli.Write("p.ulm", "at 20:00 consolidate\n");
        var result = await _cli.RunAsync("simulate", "--policies", policies, "--site", Cli.Data("three-hosts.site.json"), "--report", _cli.In(name));
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(message, Assert.Single(result.Error.TrimEnd('\n').Split('\n'), l => l.StartsWith("ulm-server: --report: ", StringComparison.Ordinal)));
        Assert.Equal("at 20:00 consolidate\n", File.ReadAllText(policies));
    }

    [Fact]
    public async Task An_older_page_is_replaced_whole()
    {
        _cli.Write("out.html", new string('x', 1_000_000));
        Assert.EndsWith("</html>\n", await PageAsync("--for", "1h"));
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataBlock();

    private static JsonElement Data(string page) => JsonDocument.Parse(DataBlock().Match(page).Groups[1].Value).RootElement;

    private static string WithoutWallTime(JsonElement element)
    {
        var node = JsonNode.Parse(element.GetRawText())!.AsObject();
        node.Remove("wallSeconds");
        return node.ToJsonString();
    }
}
