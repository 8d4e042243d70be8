using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Manual;

/// <summary>Whoever holds a line of one command beside a line of another need not guess in which zone either is.</summary>
public class OneZoneTests
{
    private const string Here = "timezone \"Europe/Copenhagen\"\nalways keep 2 hosts on\npolicy night at 20:00 daily power off idle hosts\n";

    [Fact]
    public async Task All_times_are_told_in_the_zone_of_the_policies_with_their_offset()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Here);
        await server.RunAsync("hold", "web00", "--for", "4h", "--because", "backup runs");
        await server.RunAsync("drain", "host03", "--for", "2h");
        await server.RunAsync("power", "off", "host04", "--drain", "--for", "3h");
        string[] commands = ["status", "hosts", "vms", "journal", "hold web00 --for 1h --because again", "drain host03 --for 1h", "explain --rule night", "power off host04 --for 1h"];
        foreach (var command in commands)
        {
            var said = await server.RunAsync(command.Split(' '));
            Assert.Matches("2026-01-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+01:00", said.Out);
            Assert.DoesNotMatch("UTC|\\d\\d:\\d\\d:\\d\\dZ|:\\d\\d \\+00:00", said.Out);
        }
    }

    [Fact]
    public async Task A_time_without_offset_is_of_that_zone_and_one_that_was_shown_can_be_given_back()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Here);
        await server.RunAsync("drain", "host03");
        var at = (await server.RunAsync("journal")).Out.Split('\n').Single(l => l.Contains("ordered   drain host host03"))[..26];

        Assert.Contains("drain host host03", (await server.RunAsync("journal", "--since", at)).Out);
        Assert.Contains("drain host host03", (await server.RunAsync("journal", "--since", at[..19])).Out);
        Assert.DoesNotContain("drain host host03 ordered", (await server.RunAsync("journal", "--until", at[..19])).Out);
    }

    [Fact]
    public async Task The_lines_of_run_say_once_of_which_zone_they_are()
    {
        using var folder = new TempFolder();
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(["run", "--for", "2h", "--speed", "0", "--policies", folder.Write("p.ulm", Here)], new Terminal(output, error, false), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Clean, exit);
        Assert.Contains("Times are of Europe/Copenhagen, +01:00 now.\n", output.ToString());
        Assert.Contains("\nMon 10:00:00  site", output.ToString());
    }
}
