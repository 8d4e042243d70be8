using System.Text.Json;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>A guest that writes over its memory faster than the link takes it away can't be moved by copying alone.</summary>
public sealed class BusyMemoryTests(LabSite lab) : MovingGuestTest(lab)
{
    [Fact]
    public async Task A_guest_that_dirties_memory_faster_than_it_is_copied_stays_and_goes_once_it_is_calmer()
    {
        await Lab.VmAsync("idle", "h1");
        await BusyGuestOnH1Async();
        using var setup = await UlmSetup.OfAsync(Lab, "always keep 1 hosts on", """
            [migration]
            time-limit = "30s"

            [migration.urgent]
            bandwidth = 8
            """);
        await using var server = await UlmServer.StartAsync(setup);

        // Whether it can be moved is known beforehand, by what libvirt measures.
        await Poll.UntilAsync("both guests' dirty rates are known", async () => await DirtyMiBpsAsync(setup) is { busy: > 15, idle: < 8 });
        var planned = await UlmCommand.RunAsync("drain", "h1", "--dry-run", "--socket", setup.Socket);
        Assert.Matches("vm busy writes [0-9.]+MiB/s to its memory, and an urgent migration copies 8MiB/s: the copy does not end by itself; an urgent migration slows the VM down, ", planned.Output);
        var ticks = await Lab.TicksAsync("busy");

        var tried = await MigrateAsync(setup);
        Assert.Equal(2, tried.ExitCode);
        var end = Assert.Single(server.Lines, l => l.Label == "failed");
        Assert.StartsWith("migrate vm busy from h1 to h2: ", end.Text);
        Assert.Contains("it still runs on h1", end.Text);
        await RunsOnceAsync("busy", "h1", ticks);

        // It is left alone for a minute first, which an order says too.
        await Lab.DirtyAsync("busy", 0);
        await Lab.MigrationSpeedAsync("busy", "h1", 1000);
        Assert.Equal(2, (await MigrateAsync(setup)).ExitCode);
        await Poll.UntilAsync("it may be moved again", async () => (await MigrateAsync(setup)).ExitCode == 0, TimeSpan.FromMinutes(3));
        await RunsOnceAsync("busy", "h2");
        await server.StopAsync();
    }

    [Fact]
    public async Task What_has_to_be_empty_is_left_by_a_guest_that_a_gentle_move_would_leave_where_it_is()
    {
        await Lab.VmAsync("stays", "h2", load: 0.1);
        await BusyGuestOnH1Async();
        using var setup = await UlmSetup.OfAsync(Lab, "always keep 1 hosts on", """
            [migration]
            post-copy = true

            [migration.urgent]
            post-copy-after = "3s"

            [migration.gentle]
            bandwidth = 8
            stall-limit = "5s"
            """);
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(3);
        var ticks = await Lab.TicksAsync("busy");

        Assert.Equal(0, (await UlmCommand.RunAsync("drain", "h1", "--socket", setup.Socket)).ExitCode);
        await server.TellsAsync("begun", "migrate vm busy from h1 to h3 urgently");
        Assert.Matches("^migrate vm busy from h1 to h3: runs on h3 after .*s, by post-copy$", Assert.Single(server.Lines, l => l.Label == "done" && l.Text.Contains("vm busy", StringComparison.Ordinal)).Text);
        await RunsOnceAsync("busy", "h3", ticks);

        ticks = await Lab.TicksAsync("busy");
        setup.WritePolicies("site.ulm", "always keep 1 hosts on\nnever migrate vm stays\nevery 10s consolidate");
        await server.TellsAsync("begun", "migrate vm busy from h3 to h2 gently");
        var end = await Poll.ForAsync("the step's end", () => Task.FromResult(server.Lines.FirstOrDefault(l => l.Label is "failed" or "done" && l.Text.StartsWith("migrate vm busy from h3", StringComparison.Ordinal))), TimeSpan.FromSeconds(60));
        Assert.Matches("^migrate vm busy from h3 to h2: aborted: nothing was gained for 5s: .*MiB of .*MiB left, copied at .*/s; it still runs on h3$", end.Text);
        await RunsOnceAsync("busy", "h3", ticks);
        await server.StopAsync();
    }

    /// <summary>It writes over 40 MiB of its memory as fast as it can, and 8 MiB a second are copied.</summary>
    private async Task BusyGuestOnH1Async()
    {
        await Lab.VmAsync("busy", "h1", load: 0.1);
        await Lab.TicksOnAsync("busy");
        await Lab.DirtyAsync("busy", 40);
        await Lab.MigrationSpeedAsync("busy", "h1", 8);
    }

    /// <summary>Null: not measured yet.</summary>
    private static async Task<(double? busy, double? idle)> DirtyMiBpsAsync(UlmSetup setup)
    {
        var answer = await UlmCommand.RunAsync("vms", "--socket", setup.Socket, "--format", "json");
        var vms = JsonDocument.Parse(answer.Output).RootElement.GetProperty("vms").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!);
        return (Of("busy"), Of("idle"));

        double? Of(string vm) => vms[vm].TryGetProperty("dirtyMiBps", out var rate) && rate.ValueKind == JsonValueKind.Number ? rate.GetDouble() : null;
    }

    private static Task<UlmAnswer> MigrateAsync(UlmSetup setup) => UlmCommand.RunAsync("migrate", "busy", "h2", "--socket", setup.Socket);
}
