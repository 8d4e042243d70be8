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
            Times in Europe/Copenhagen

            two-sentences.ulm:2: consolidate and power off idle hosts
              Fri 2026-01-09 20:00:00 +01:00   2026-01-09 19:00:00 UTC
              Mon 2026-01-12 20:00:00 +01:00   2026-01-12 19:00:00 UTC

            """, result.Out);
    }

    [Fact]
    public async Task A_clock_change_is_noted_where_it_matters()
    {
        var policies = _cli.Write("p.ulm", "policy early at 02:30 consolidate\npolicy late at 20:00 balance by cpu to within 15%\n");
        var spring = (await _cli.RunAsync("schedule", policies, "--from", "2026-03-28", "--count", "3", "--timezone", "Europe/Copenhagen")).Out;
        Assert.Contains("  Sun 2026-03-29 03:00:00 +02:00   2026-03-29 01:00:00 UTC   (moved to the end of the hour that the clocks skip on this day)\n", spring);
        Assert.Contains("  Sun 2026-03-29 20:00:00 +02:00   2026-03-29 18:00:00 UTC   (the clocks have gone forward before this)\n", spring);
        Assert.Contains("late: balance by cpu to within 15%", spring);
        var autumn = (await _cli.RunAsync("schedule", policies, "--from", "2026-10-24T12:00", "--count", "2", "--timezone", "Europe/Copenhagen")).Out;
        Assert.Contains("  Sun 2026-10-25 02:30:00 +02:00   2026-10-25 00:30:00 UTC   (comes twice on this day, only the first counts)\n", autumn);
        Assert.Contains("  Mon 2026-10-26 02:30:00 +01:00   2026-10-26 01:30:00 UTC   (the clocks have gone back before this)\n", autumn);
    }

    [Fact]
    public async Task Json_has_every_time_both_ways()
    {
        var policies = _cli.Write("p.ulm", "timezone \"Europe/Copenhagen\"\npolicy often every 6h power on 2 hosts\nwhen host.cpu > 75% then evacuate heaviest vm by memory\n");
        var json = (await _cli.RunAsync("schedule", policies, "--from", "2026-03-28T18:00", "--count", "2", "--format", "json")).Json;
        Assert.Equal(("ulm.schedule/1", "Europe/Copenhagen"), (json.GetProperty("schema").GetString(), json.GetProperty("timeZone").GetString()));
        var rule = Assert.Single(json.GetProperty("rules").EnumerateArray());
        Assert.Equal(("often", "power on 2 hosts"), (rule.GetProperty("rule").GetString(), rule.GetProperty("action").GetString()));
        Assert.Equal(
            [("2026-03-29T00:00:00+01:00", "2026-03-28T23:00:00Z", null), ("2026-03-29T07:00:00+02:00", "2026-03-29T05:00:00Z", "the clocks have gone forward before this")],
            rule.GetProperty("times").EnumerateArray().Select(t => (t.GetProperty("local").GetString()!, t.GetProperty("utc").GetString()!, t.GetProperty("note").GetString())));
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
