using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Manual;

/// <summary><c>reload</c> where the site is the simulated one, as a newcomer tries it.</summary>
public sealed class EmbeddedReloadTests
{
    [Fact]
    public async Task Policies_named_at_the_start_are_read_anew()
    {
        await using var server = await EmbeddedUnderTest.StartAsync("policy old at 03:00 balance\n");
        Assert.Contains("no rules added, 0 removed, 0 changed, 1 as before", (await server.RunAsync("reload", "--dry-run")).Out);

        server.Write("policy new at 04:00 balance\n");
        var dry = await server.RunAsync("reload", "--dry-run");
        Assert.Equal(ExitCode.No, dry.Exit);
        Assert.Contains("  + new\n  - old\n", dry.Out);
        Assert.Contains("old", (await server.RunAsync("schedule")).Out);

        var taken = await server.RunAsync("reload");
        Assert.Equal((ExitCode.Clean, ""), (taken.Exit, taken.Error));
        Assert.StartsWith("Taken over: ", taken.Out);
        Assert.DoesNotContain("old", (await server.RunAsync("schedule")).Out);
        Assert.Contains("p.ulm reloaded: 1 rule(s) in force", (await server.RunAsync("journal", "--count", "1000")).Out);
    }

    [Fact]
    public async Task Faulty_policies_are_refused_with_their_faults_and_those_in_force_stay()
    {
        await using var server = await EmbeddedUnderTest.StartAsync("policy old at 03:00 balance\n");
        server.Write("policy new at 25:00 balance\n");
        foreach (var command in new string[][] { ["reload", "--dry-run"], ["reload"] })
        {
            var (exit, _, error) = await server.RunAsync(command);
            Assert.Equal(ExitCode.PolicyErrors, exit);
            Assert.Contains("ULM2001", error);
        }

        Assert.Contains("old", (await server.RunAsync("schedule")).Out);
    }

    [Fact]
    public async Task Where_the_policies_are_built_in_only_others_can_be_tried()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(policies: null);
        foreach (var command in new string[][] { ["reload", "--dry-run"], ["reload"] })
        {
            var (exit, output, error) = await server.RunAsync(command);
            Assert.Equal((ExitCode.CouldNotRun, ""), (exit, output));
            Assert.Equal("ulm-server: this server runs the simulated site on the policies that are built into it, so there are none to reload; start it with `run --policies PATH`, or a real site with `run --config FILE`\n", error);
        }

        var other = await server.RunAsync("reload", "--dry-run", "--policies", server.Write("policy new at 04:00 balance\n"));
        Assert.Equal((ExitCode.No, ""), (other.Exit, other.Error));
        Assert.Contains("1 rule added, 4 removed", other.Out);
    }
}
