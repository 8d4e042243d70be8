namespace Ulm.Server.Tests.Commands;

public sealed class ExplainRuleTests : IDisposable
{
    private const string Policies = """
        policy relieve
          when host.cpu > 75% and not host is draining for 10m
          in cluster default
          then evacuate heaviest fitting vm
          until host.cpu < 60%
          because "users notice"
        policy asleep during-night-only
        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private Task<CliResult> ExplainAsync(params string[] args) =>
        _cli.RunAsync(["explain", "--policies", _cli.Write("a.ulm", Policies.Replace("policy asleep during-night-only", "policy night at 20:00 weekdays consolidate\nalways keep 1 host on")),
            "--site", Cli.Data("three-hosts.site.json"), "--at", "2026-01-05T12:00:00Z", .. args]);

    [Fact]
    public async Task Each_part_is_told_with_its_value_age_and_verdict()
    {
        var result = await ExplainAsync("--rule", "relieve", "--format", "json");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        var subjects = result.Json.GetProperty("subjects").EnumerateArray().ToList();
        Assert.Equal(3, subjects.Count);
        foreach (var subject in subjects)
        {
            var parts = subject.GetProperty("parts").EnumerateArray().ToList();
            Assert.Equal(["all of", "not"], parts.Select(p => p.GetProperty("text").GetString()!).Where(t => t is "all of" or "not"));
            var cpu = parts.Single(p => p.GetProperty("text").GetString()!.StartsWith("host.cpu = ", StringComparison.Ordinal));
            Assert.Equal(0, cpu.GetProperty("ageSeconds").GetDouble());
            Assert.Equal(cpu.GetProperty("text").GetString()!.EndsWith("is false", StringComparison.Ordinal) ? "false" : "true", cpu.GetProperty("verdict").GetString());
        }
    }

    [Fact]
    public async Task A_promise_for_a_time_starts_when_schedule_says_and_is_kept_by_then()
    {
        string[] files = ["--site", Cli.Data("three-hosts.site.json")];
        var policies = _cli.Write("ready.ulm", "policy ready have 3 hosts on by 07:30\n");
        var explained = await _cli.RunAsync(["explain", "--rule", "ready", "--policies", policies, "--at", "2026-01-05T07:00:00Z", .. files]);
        var schedule = await _cli.RunAsync(["schedule", policies, "--from", "2026-01-05T07:00:00Z", "--count", "1", .. files]);
        Assert.Contains("2026-01-05 07:24:00 UTC", schedule.Out);
        Assert.Contains("next in 24m, at 2026-01-05 07:24:00 UTC so as to be ready at 07:30:00", explained.Out);
    }

    /// <summary>Two minutes of boot, a tenth, and three polls or at least a minute, in whole minutes. The hosts that come on are measured by then, so what balances at that time uses them.</summary>
    [Theory]
    [InlineData("10s", "07:26:00")]
    [InlineData("60s", "07:24:00")]
    [InlineData("5m", "07:12:00")]
    public async Task Schedule_explain_and_simulate_agree_on_when_a_promise_starts(string interval, string starts)
    {
        var config = _cli.Write("ulm.toml", $"[polling]\ninterval = \"{interval}\"\n[[host]]\nname = \"h1\"\nlibvirt = \"test:///default\"\nmunin = \"h1:4949\"\n");
        var policies = _cli.Write("ready.ulm", "policy ready have 2 hosts on by 07:30\npolicy spread at 07:30 balance by cpu to within 10%\n");
        var site = _cli.Write("s.site.json", """
            { "schema": "ulm.site/1",
              "hosts": [ { "name": "h1", "cpus": 8, "memoryMiB": 65536 }, { "name": "h2", "cpus": 8, "memoryMiB": 65536, "state": "off" } ],
              "vms": [ { "name": "a", "host": "h1", "vcpus": 4, "memoryMiB": 1024, "cpu": 80 }, { "name": "b", "host": "h1", "vcpus": 4, "memoryMiB": 1024, "cpu": 80 } ] }
            """);
        string[] files = ["--site", site, "--config", config];

        var scheduled = await _cli.RunAsync(["schedule", policies, "--from", "2026-01-05T07:00:00Z", "--count", "1", .. files]);
        var explained = await _cli.RunAsync(["explain", "--rule", "ready", "--policies", policies, "--at", "2026-01-05T07:00:00Z", .. files]);
        var simulated = (await _cli.RunAsync(["simulate", "--policies", policies, "--from", "2026-01-05T06:00:00Z", "--for", "2h", "--format", "json", .. files])).Json;

        Assert.Contains($"2026-01-05 {starts} UTC", scheduled.Out);
        Assert.Contains($"at 2026-01-05 {starts} UTC so as to be ready at 07:30:00", explained.Out);
        Assert.Equal(
            [("powerOn", $"2026-01-05T{starts}Z"), ("migrate", "2026-01-05T07:30:00Z")],
            simulated.GetProperty("decisions").EnumerateArray().Select(d => (d.GetProperty("action").GetString()!, d.GetProperty("time").GetString()!)));
    }

    [Fact]
    public async Task What_holds_or_would_hold_is_said_in_words()
    {
        var all = await ExplainAsync("--rule", "relieve");
        Assert.Contains("relieve  (a.ulm:1:1), because users notice", all.Out);
        var first = (await ExplainAsync("--rule", "relieve", "--format", "json")).Json.GetProperty("subjects")[0].GetProperty("subject").GetString()!;
        var one = await ExplainAsync("--rule", "relieve", "--subject", first);
        Assert.Contains($"{first}: ", one.Out);
        Assert.Contains("host.cpu", one.Out);
        Assert.Contains("fires again only after", one.Out);
    }

    [Fact]
    public async Task A_false_condition_says_what_would_have_to_change()
    {
        var subjects = (await ExplainAsync("--rule", "relieve", "--format", "json")).Json.GetProperty("subjects").EnumerateArray().ToList();
        var calm = subjects.First(s => s.GetProperty("verdict").GetString() == "false");
        Assert.NotEqual(0, calm.GetProperty("needed").GetArrayLength());
    }

    [Fact]
    public async Task A_scheduled_rule_tells_its_next_time()
    {
        var result = await ExplainAsync("--rule", "night");
        Assert.Equal(0, result.Exit);
        Assert.Contains("the site: ", result.Out);
        Assert.Contains("next in 8h, at 2026-01-05 20:00:00", result.Out);
    }

    [Theory]
    [InlineData("did you mean relieve?", "--rule", "releive")]
    [InlineData("rules are relieve and night", "--rule", "zzzzzzzz")]
    [InlineData("there is no host `h9`", "--rule", "relieve", "--subject", "host/h9")]
    [InlineData("is a scheduled rule", "--rule", "night", "--subject", "host/h1")]
    [InlineData("one of a code, --rule and --decision", "ULM0101", "--rule", "night")]
    public async Task What_makes_no_sense_is_refused_in_a_line(string told, params string[] args)
    {
        var result = await ExplainAsync(args);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains(told, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Without_a_server_and_without_files_it_says_so()
    {
        var result = await _cli.RunAsync("explain", "--rule", "x", "--socket", _cli.In("nobody.sock"));
        Assert.Equal(1, result.Exit);
        Assert.Contains("no server answers", result.Error);
    }
}
