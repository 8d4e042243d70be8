using Ulm.Server.Commands;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

public sealed class HoldAndApprovalTests
{
    private const string Recommends = "policy gather at 08:08 consolidate mode recommend\npolicy gather-again at 08:09 consolidate mode recommend\n";

    [Fact]
    public async Task A_hold_is_shown_everywhere_keeps_everybody_off_and_is_ended()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        var set = await server.RunAsync("hold", "web00", "--for", "90d", "--because", "backup runs");
        Assert.Equal(ExitCode.Clean, set.Exit);
        Assert.Matches("^vm/web00 is held until 2026-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC: backup runs\n$", set.Out);
        Assert.Equal(ExitCode.Clean, (await server.RunAsync("hold", "host/host02", "--for", "90d", "--because", "old disk")).Exit);

        var by = $"held by {Environment.UserName} until";
        Assert.Contains($"vm/web00: {by}", (await server.RunAsync("status")).Out);
        Assert.Contains("old disk", (await server.RunAsync("hosts")).Out);
        Assert.Equal("backup runs", (await server.JsonAsync("vms")).GetProperty("vms").EnumerateArray().Single(v => v.GetProperty("name").GetString() == "web00").GetProperty("hold").GetProperty("because").GetString());
        foreach (string[] command in new string[][] { ["migrate", "web00", "host05"], ["drain", "host02"], ["power", "off", "host02", "--drain"], ["migrate", "app05", "host02"] })
        {
            var (exit, output, _) = await server.RunAsync(command);
            Assert.Equal(ExitCode.No, exit);
            Assert.Contains("ULM6215", output);
            Assert.Contains($"is {by}", output);
        }

        var again = await server.RunAsync("hold", "vm/web00", "--for", "1h", "--because", "shorter", "--dry-run");
        Assert.Matches("would be held until .*: shorter\nin place of the hold that was set by .*: backup runs", again.Out);
        Assert.Contains("would be ended, and was not", (await server.RunAsync("hold", "web00", "--end", "--dry-run")).Out);
        Assert.Contains("is ended", (await server.RunAsync("hold", "web00", "--end")).Out);
        Assert.Equal("Nothing to do: vm/web00 is not held.\n", (await server.RunAsync("hold", "web00", "--end")).Out);
        Assert.Equal(ExitCode.Clean, (await server.RunAsync("migrate", "web00", "host05")).Exit);
    }

    [Theory]
    [InlineData("--because: a hold needs a reason, for those who meet it; write --because \"TEXT\"", "hold", "host03", "--for", "2h")]
    [InlineData("--because: a hold needs a reason, for those who meet it; write --because \"TEXT\"", "hold", "host03", "--for", "2h", "--because", " ")]
    [InlineData("--for: a hold needs an end; write --for 2h", "hold", "host03", "--because", "x")]
    [InlineData("--for: `two hours` is not a duration; write a number and its unit, such as 90s, 10m, 1h30m or 2d", "hold", "host03", "--for", "two hours", "--because", "x")]
    [InlineData("there is no host or VM `hots03`; did you mean host/host03?", "hold", "hots03", "--for", "2h", "--because", "x")]
    [InlineData("--end ends a hold at once; leave --for out", "hold", "host03", "--end", "--for", "2h")]
    [InlineData("--on: there is no host `hots03`; did you mean host03?", "vms", "--on", "hots03")]
    public async Task Bad_input_is_one_line(string expected, params string[] command)
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        Assert.Equal((ExitCode.CouldNotRun, "", $"ulm-server: {expected}\n"), await server.RunAsync(command));
    }

    [Fact]
    public async Task A_recommended_plan_is_shown_and_carried_out_when_it_is_approved()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Recommends, speed: 60);
        var plan = await PendingAsync(server);

        var dry = await server.RunAsync("approve", plan, "--dry-run");
        Assert.Equal(ExitCode.Clean, dry.Exit);
        Assert.StartsWith($"Plan {plan} would be approved, and was not:\n    1  migrate vm ", dry.Out);
        var (exit, output, _) = await server.RunAsync("approve", plan);
        Assert.Equal(ExitCode.Clean, exit);
        Assert.StartsWith($"Plan {plan} is approved", output);
        Assert.Contains($"plan {plan} was approved by {Environment.UserName}", (await server.RunAsync("journal", "--count", "10000")).Out);
        var again = await server.RunAsync("approve", plan);
        Assert.Equal(ExitCode.No, again.Exit);
        Assert.StartsWith($"Refused: plan {plan} was approved by ", again.Out);
    }

    [Fact]
    public async Task A_plan_whose_site_has_changed_is_refused_and_says_what_moved()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Recommends, speed: 60);
        var plan = await PendingAsync(server);
        Assert.Equal(ExitCode.Clean, (await server.RunAsync("migrate", "web00", "host12")).Exit);

        var (exit, output, _) = await server.RunAsync("approve", plan);

        Assert.Equal(ExitCode.No, exit);
        Assert.StartsWith($"Refused: plan {plan} rests on a site that has changed since: ", output);
        Assert.Contains("vm web00 is on host12 now, not on host01", output);
    }

    [Fact]
    public async Task A_rejected_plan_is_gone_with_the_reason_in_the_journal()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Recommends, speed: 60);
        var plan = await PendingAsync(server);

        Assert.Equal(ExitCode.Clean, (await server.RunAsync("reject", plan, "--because", "not today")).Exit);

        Assert.Contains($"plan {plan} was rejected by {Environment.UserName}: not today", (await server.RunAsync("journal", "--count", "10000")).Out);
        Assert.Equal(ExitCode.No, (await server.RunAsync("approve", plan)).Exit);
        Assert.Contains("there is no plan p1", (await server.RunAsync("reject", "p1")).Out);
    }

    private static async Task<string> PendingAsync(EmbeddedUnderTest server)
    {
        string? plan = null;
        await Until.TrueAsync(async () => (plan = (await server.JsonAsync("status")).GetProperty("pending") is var all && all.GetArrayLength() > 0 ? all[0].GetProperty("id").GetString() : null) is not null, () => "nothing was recommended");
        Assert.Contains($"plan {plan} waits for `ulm-server approve {plan}` until 2026-01-05", (await server.RunAsync("status")).Out);
        return plan!;
    }
}
