namespace Ulm.Server.Tests.Commands;

public sealed class ScheduleCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Scheduled_rules_are_listed_local_and_utc_and_others_are_not()
    {
        var result = await _cli.RunAsync("schedule", Cli.Data("two-sentences.ulm"), "--from", "2026-01-09", "--count", "2", "--timezone", "Europe/Copenhagen");
        Assert.Equal(0, result.Exit);
        Assert.Equal(
            """
            Times in Europe/Copenhagen, after Fri 2026-01-09 00:00:00 +01:00

            two-sentences.ulm:2: consolidate and power off idle hosts
              Fri 2026-01-09 20:00:00 +01:00   2026-01-09 19:00:00 UTC   in 20h
              Mon 2026-01-12 20:00:00 +01:00   2026-01-12 19:00:00 UTC   in 3d20h

            """, result.Out);
    }

    /// <summary>Noon of a Saturday before, and what the note beside the first time says.</summary>
    [Theory]
    [InlineData("at 02:30", "2027-03-27", "Sun 2027-03-28 03:00:00 +02:00   2027-03-28 01:00:00 UTC   in 14h   02:30 does not exist on 2027-03-28: fires at 03:00")]
    [InlineData("at 02:30", "2027-10-30", "Sun 2027-10-31 02:30:00 +02:00   2027-10-31 00:30:00 UTC   in 14h30m   02:30 comes twice on 2027-10-31: fires the first time")]
    [InlineData("at 20:00 sunday", "2027-03-27", "Sun 2027-03-28 20:00:00 +02:00   2027-03-28 18:00:00 UTC   in 31h   the clocks have gone forward before this")]
    [InlineData("at 20:00 sunday", "2027-10-30", "Sun 2027-10-31 20:00:00 +01:00   2027-10-31 19:00:00 UTC   in 33h   the clocks have gone back before this")]
    [InlineData("cron \"0 30 2 * * ?\"", "2027-03-27", "Sun 2027-03-28 03:00:00 +02:00   2027-03-28 01:00:00 UTC   in 14h   moved here from a time that does not exist on 2027-03-28")]
    [InlineData("cron \"0 30 2 * * ?\"", "2027-10-30", "Sun 2027-10-31 02:30:00 +02:00   2027-10-31 00:30:00 UTC   in 14h30m   02:30 comes twice on 2027-10-31: fires the first time")]
    [InlineData("have 3 hosts on by 02:30", "2027-03-27", "Sun 2027-03-28 01:54:00 +01:00   2027-03-28 00:54:00 UTC   in 13h54m   by 02:30: starts 6m before, which is the longest boot, a tenth of it and three polls; 02:30 does not exist on 2027-03-28: fires at 03:00")]
    public async Task A_clock_change_is_noted_where_it_matters(string trigger, string day, string line)
    {
        var policies = _cli.Write("p.ulm", $"policy p {trigger}{(trigger.StartsWith("have") ? "" : " balance")}\n");
        Assert.Contains($"\n  {line}\n", (await _cli.RunAsync("schedule", policies, "--from", $"{day}T12:00", "--count", "1", "--timezone", "Europe/Copenhagen")).Out);
    }

    [Fact]
    public async Task Days_that_a_calendar_takes_out_are_named_before_the_next_time()
    {
        var policies = _cli.Write("p.ulm", "calendar holidays = 2026-12-24 to 2026-12-26, 2027-01-01\ncalendar party = 2026-12-28\npolicy p at 20:00 weekdays except holidays except party balance\n");
        var result = await _cli.RunAsync("schedule", policies, "--from", "2026-12-24", "--count", "4");
        Assert.Equal(
            """
            Times in UTC, after Thu 2026-12-24 00:00:00 +00:00

            p: balance
              not on 2026-12-24 to 2026-12-25 (holidays)
              not on 2026-12-28 (party)
              Tue 2026-12-29 20:00:00 +00:00   2026-12-29 20:00:00 UTC   in 5d20h
              Wed 2026-12-30 20:00:00 +00:00   2026-12-30 20:00:00 UTC   in 6d20h
              Thu 2026-12-31 20:00:00 +00:00   2026-12-31 20:00:00 UTC   in 7d20h
              not on 2027-01-01 (holidays)
              Mon 2027-01-04 20:00:00 +00:00   2027-01-04 20:00:00 UTC   in 11d20h

            """, result.Out);
    }

    [Theory]
    [InlineData("at 20:00 2020-01-01", "  never: the dates that it names are past\n")]
    [InlineData("at 20:00 2026-12-24 except holidays", "  never: every day that it names after this is in holidays\n")]
    [InlineData("at 20:00 2026-12-23", "in 20h\n  then never again: the dates that it names are past\n")]
    [InlineData("cron \"0 0 12 30 2 ?\"", "  never: no time after this fits the expression\n")]
    [InlineData("every 6h between 01:00 and 02:00", "  never: not within 10 years: no time of it lies within its window\n")]
    public async Task A_schedule_that_never_comes_says_why(string trigger, string end)
    {
        var policies = _cli.Write("p.ulm", $"calendar holidays = 2026-12-24 to 2026-12-26\npolicy other at 06:00 except holidays balance\npolicy p {trigger} balance\n");
        Assert.EndsWith(end, (await _cli.RunAsync("schedule", policies, "--from", "2026-12-23", "--rule", "p")).Out);
    }

    [Fact]
    public async Task A_window_that_is_closed_at_the_time_is_told()
    {
        var policies = _cli.Write("p.ulm", "policy p at 20:00 during 22:00-06:00 balance\n");
        Assert.Contains("   outside of `during 22:00-06:00`\n", (await _cli.RunAsync("schedule", policies, "--from", "2026-12-23", "--count", "1")).Out);
    }

    [Fact]
    public async Task With_a_site_its_boot_times_count()
    {
        var site = _cli.Write(
            "s.site.json",
            """
            { "schema": "ulm.site/1", "hosts": [
              { "name": "h1", "cpus": 8, "memoryMiB": 1024 },
              { "name": "h2", "cpus": 8, "memoryMiB": 1024, "state": "off", "power": { "bootSeconds": 480 } } ], "vms": [] }
            """);
        var policies = _cli.Write("p.ulm", "policy p have 2 hosts on by 07:30\n");
        var result = await _cli.RunAsync("schedule", policies, "--site", site, "--from", "2026-12-23", "--count", "1");
        Assert.Equal("", result.Error);
        Assert.Contains("Hosts are woken in time by the boot times of s.site.json, polled every 1m\n", result.Out);
        Assert.Contains("  Wed 2026-12-23 07:18:00 +00:00   2026-12-23 07:18:00 UTC   in 7h18m   by 07:30: starts 12m before", result.Out);
    }

    [Fact]
    public async Task Json_has_every_time_both_ways()
    {
        var policies = _cli.Write("p.ulm", "timezone \"Europe/Copenhagen\"\npolicy often every 6h power on 2 hosts\nwhen host.cpu > 75% then evacuate heaviest vm by memory\n");
        var json = (await _cli.RunAsync("schedule", policies, "--from", "2026-03-28T18:00", "--count", "2", "--format", "json")).Json;
        Assert.Equal(("ulm.schedule/1", "Europe/Copenhagen"), (json.GetProperty("schema").GetString(), json.GetProperty("timeZone").GetString()));
        var rule = Assert.Single(json.GetProperty("rules").EnumerateArray());
        Assert.Equal(("often", "power on 2 hosts", "p.ulm:2:1"), (rule.GetProperty("rule").GetString(), rule.GetProperty("action").GetString(), Path.GetFileName(rule.GetProperty("location").GetString())));
        Assert.Equal(
            [("2026-03-29T00:00:00+01:00", "2026-03-28T23:00:00Z", 21600.0, null), ("2026-03-29T07:00:00+02:00", "2026-03-29T05:00:00Z", 43200.0, "the clocks have gone forward before this")],
            rule.GetProperty("times").EnumerateArray().Select(t => (t.GetProperty("local").GetString()!, t.GetProperty("utc").GetString()!, t.GetProperty("inSeconds").GetDouble(), t.GetProperty("note").GetString())));
    }

    [Fact]
    public async Task Without_a_schedule_the_command_says_so()
    {
        var result = await _cli.RunAsync("schedule", _cli.Write("p.ulm", "when host.cpu > 75% then evacuate heaviest vm\n"));
        Assert.Equal((0, "No rule has a schedule; 1 rule in all.\n"), (result.Exit, result.Out));
    }

    [Theory]
    [InlineData("--count", "0", 1, "--count: `0` is not a whole number from 1 to 1000")]
    [InlineData("--count", "x", 1, "--count: `x` is not a whole number")]
    [InlineData("--from", "now", 1, "--from: `now` is not a time")]
    [InlineData("--rule", "two-sentence.ulm:2", 1, "there is no rule `two-sentence.ulm:2`; did you mean two-sentences.ulm:2?")]
    [InlineData("--rule", "two-sentences.ulm:1", 1, "two-sentences.ulm:1 has no schedule; it fires when a condition holds")]
    [InlineData("--site", "none.json", 1, "none.json")]
    public async Task Mistaken_options_list_nothing(string option, string value, int exit, string message)
    {
        var result = await _cli.RunAsync("schedule", Cli.Data("two-sentences.ulm"), option, value);
        Assert.Equal((exit, ""), (result.Exit, result.Out));
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task Policies_with_errors_have_no_schedule()
    {
        var result = await _cli.RunAsync("schedule", _cli.Write("p.ulm", "at 20:00 consolidat\n"));
        Assert.Equal((3, ""), (result.Exit, result.Out));
    }
}
