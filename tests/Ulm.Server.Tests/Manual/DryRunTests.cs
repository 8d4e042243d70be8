using Ulm.Server.Api;
using Ulm.Server.Api.Manual;
using Ulm.Server.Commands;
using Ulm.Server.Completion;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

/// <summary>Whatever acts on a running server can be asked what it would do, and does nothing then.</summary>
public sealed class DryRunTests
{
    /// <summary>Commands that ask a server, and change nothing there.</summary>
    private static readonly string[] Look = ["status", "hosts", "vms", "journal", "plan", "explain", "site export", "schedule", "validate", "lsp"];

    /// <summary>Each command that acts, on the simulated site on which host11 went off and failed to wake.</summary>
    public static TheoryData<string> Acts =>
    [
        "drain host03",
        "maintenance host03 --for 2h",
        "release host02",
        "migrate web00 host12",
        "power on host10",
        "power off host03 --drain",
        "power clear host11",
        "hold web00 --for 2h --because backup",
        "hold host08 --end",
        "approve PLAN",
        "reject PLAN",
        "reload",
    ];

    [Fact]
    public void Every_command_that_acts_has_a_dry_run_and_is_tried_below()
    {
        var commands = CompletedCommand.Of(CommandLine.Create(new Terminal(TextWriter.Null, TextWriter.Null, false))).WithAllBelow()
            .Where(c => c.Commands.IsEmpty && c.Options.Any(o => o.Names.Contains("--socket"))).Select(c => (Path: string.Join(' ', c.Path), c.Options)).ToList();
        // `run` is the server itself.
        var acting = commands.Where(c => !Look.Contains(c.Path) && c.Path != "run").ToList();

        Assert.All(acting, c => Assert.True(c.Options.Any(o => o.Names.Contains("--dry-run")), $"`{c.Path}` acts on a server and has no --dry-run"));
        Assert.All(acting, c => Assert.True(Acts.Any(a => $"{a.Data} ".StartsWith($"{c.Path} ", StringComparison.Ordinal)), $"no dry run of `{c.Path}` is tried here"));
    }

    [Fact]
    public void Whatever_a_server_is_sent_to_act_on_says_whether_it_is_a_dry_run()
    {
        var requests = typeof(OrderRequest).Assembly.GetTypes().Where(t => t.Namespace == typeof(OrderRequest).Namespace && t.Name.EndsWith("Request", StringComparison.Ordinal)).Append(typeof(ReloadEndpoint.Request)).ToList();

        Assert.True(requests.Count >= 5);
        Assert.All(requests, r => Assert.Equal(typeof(bool), r.GetProperty("DryRun")?.PropertyType));
    }

    [Fact]
    public async Task A_dry_run_of_anything_says_what_would_be_and_changes_nothing()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(
            "policy gather every 10m consolidate mode recommend\nalways keep 2 hosts on\n", speed: 400, faults: """{ "kind": "wake-fails", "hosts": "host11" }""");
        await server.RunAsync("power", "off", "host10", "--drain");
        await server.RunAsync("power", "off", "host11", "--drain");
        await server.RunAsync("drain", "host02");
        await server.RunAsync("hold", "host08", "--for", "90d", "--because", "old");
        Assert.Equal(ExitCode.No, (await server.RunAsync("power", "on", "host11")).Exit);
        string? plan = null;
        await Until.TrueAsync(
            async () => (plan = (await server.JsonAsync("status")).GetProperty("pending").EnumerateArray().Select(p => p.GetProperty("id").GetString()).FirstOrDefault()) is not null
                && (await server.RunAsync("approve", plan, "--dry-run")).Exit == ExitCode.Clean,
            () => "nothing was recommended");

        var before = await StateAsync(server);
        foreach (var row in Acts)
        {
            var command = row.Data.Replace("PLAN", plan, StringComparison.Ordinal).Split(' ');
            var (exit, output, error) = await server.RunAsync([.. command, "--dry-run"]);
            Assert.True((exit, error) is (ExitCode.Clean, ""), $"{row.Data}: {exit} {output}{error}");
            Assert.True(output.Contains("would be", StringComparison.Ordinal), $"{row.Data}: {output}");
            Assert.True((await server.JsonAsync([.. command, "--dry-run"])).GetProperty("dryRun").GetBoolean(), row.Data);
        }

        Assert.Equal(before, await StateAsync(server));
    }

    /// <summary>Hosts, plans that wait, and what the journal has but for what the rule says every ten minutes.</summary>
    private static async Task<string> StateAsync(EmbeddedUnderTest server)
    {
        var status = await server.JsonAsync("status");
        var hosts = string.Join('\n', status.GetProperty("hosts").EnumerateArray().Select(h => $"{h.GetProperty("name")} {h.GetProperty("state")} {h.GetProperty("vms")}"));
        var journal = (await server.RunAsync("journal", "--count", "10000")).Out.Split('\n').Where(l => !l.Contains("gather", StringComparison.Ordinal));
        return $"{hosts}\n{string.Join(", ", status.GetProperty("pending").EnumerateArray().Select(p => p.GetProperty("id")))}\n{string.Join('\n', journal)}";
    }
}
