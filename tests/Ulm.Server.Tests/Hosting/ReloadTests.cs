using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Hosting;

/// <summary>The site is one host, h1, which runs one VM: rules on <c>host.vms</c> hold at once.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string InForce =
        """
        policy waits when host.vms >= 1 for 5h then balance
        policy gone when host.vms >= 9 then balance
        policy other when host.vms >= 1 for 3h then balance
        when host.vms >= 8 then balance
        """;

    private const string Next =
        """
        # One line more: the rule without a name moves.
        policy waits when host.vms >= 1 for 5h then balance
        policy other when host.vms >= 1 for 4h then balance
        policy new when host.vms >= 1 then balance

        when host.vms >= 8 then balance
        """;

    private readonly TempFolder _folder = new();

    public ReloadTests() => _folder.Write("policies/p.ulm", InForce);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_dry_run_shows_rules_clocks_and_the_next_look_and_takes_nothing_over()
    {
        await using var server = await StartPendingAsync();
        var tried = _folder.Write("tried/p.ulm", Next);
        var (exit, output, error) = await ServerUnderTest.AskAsync(_folder, "reload", "--dry-run", "--policies", tried);
        Assert.Equal((ExitCode.No, ""), (exit, error));
        Assert.Contains("1 rule added, 1 removed, 1 changed, 2 as before\n  + new\n  - gone\n  ~ other\n  = p.ulm:4, now p.ulm:6\n", output);
        Assert.Contains("clock kept   waits on host/h1: pending since", output);
        Assert.Contains("clock reset  other on host/h1: pending since", output);
        Assert.Contains("The next look would decide now: nothing\nand with the new policies: 1 decision\n  new on host/h1: host.vms = 1 >= 1\n", output);

        var json = await ServerUnderTest.AskJsonAsync(_folder, "reload", "--dry-run", "--policies", tried);
        Assert.Equal(("ulm.reload/1", false, 1), (json.GetProperty("schema").GetString(), json.GetProperty("taken").GetBoolean(), json.GetProperty("after").GetProperty("decisions").GetArrayLength()));
        Assert.Equal(["waits", "gone", "other", "p.ulm:4"], await RulesAsync());
        Assert.DoesNotContain("reloaded", server.Out);
    }

    [Fact]
    public async Task A_dry_run_shows_when_rules_by_the_clock_fire_next()
    {
        _folder.Write("policies/s.ulm", """
            timezone UTC
            policy as-it-was at 03:00 2099-01-05 balance
            policy later at 04:00 2099-01-05 balance
            policy ends at 05:00 2099-01-05 balance
            at 06:00 2099-01-05 balance
            """);
        await using var server = await StartPendingAsync();
        _folder.Write("tried/p.ulm", InForce);
        _folder.Write("tried/s.ulm", """
            timezone UTC
            # One line more.
            policy as-it-was at 03:00 2099-01-05 balance because "it always was"
            policy later at 04:30 2099-01-05 balance
            policy begins have 2 hosts on by 07:00 2099-01-05
            at 06:00 2099-01-05 balance
            """);
        var (exit, output, error) = await ServerUnderTest.AskAsync(_folder, "reload", "--dry-run", "--policies", _folder.File("tried"));
        Assert.Equal((ExitCode.No, ""), (exit, error));
        Assert.Equal(
            [
                "schedule     later: fires next at Mon 2099-01-05 04:30:00 +00:00, not at Mon 2099-01-05 04:00:00 +00:00",
                "schedule     ends: fires no more; it would have at Mon 2099-01-05 05:00:00 +00:00",
            ],
            output.Split('\n').Where(l => l.StartsWith("schedule", StringComparison.Ordinal)).Take(2));
        Assert.Contains("schedule     begins: fires next at Mon 2099-01-05 06:5", output);

        // Another zone makes other times of rules that are as they were.
        _folder.Write("tried/s.ulm", "timezone \"Europe/Copenhagen\"\npolicy as-it-was at 03:00 2099-01-05 balance\n");
        Assert.Contains("as-it-was: fires next at Mon 2099-01-05 03:00:00 +01:00, not at Mon 2099-01-05 03:00:00 +00:00", (await ServerUnderTest.AskAsync(_folder, "reload", "--dry-run", "--policies", _folder.File("tried"))).Out);
    }

    [Fact]
    public async Task A_dry_run_of_what_is_in_force_would_change_nothing()
    {
        await using var server = await StartPendingAsync();
        var (exit, output, _) = await ServerUnderTest.AskAsync(_folder, "reload", "--dry-run");
        Assert.Equal(ExitCode.Clean, exit);
        Assert.Contains("no rules added, 0 removed, 0 changed, 4 as before\n", output);
        Assert.DoesNotContain("reset", output);
    }

    [Fact]
    public async Task Reload_takes_over_and_keeps_the_clocks_that_it_said_it_would()
    {
        await using var server = await StartPendingAsync();
        var since = await SinceAsync("waits");
        _folder.Write("policies/p.ulm", Next);
        var (exit, output, _) = await ServerUnderTest.AskAsync(_folder, "reload");
        Assert.Equal(ExitCode.Clean, exit);
        Assert.StartsWith("Taken over: ", output);
        Assert.Equal(["waits", "other", "new", "p.ulm:6"], await RulesAsync());
        Assert.Equal(since, await SinceAsync("waits"));
    }

    [Fact]
    public async Task Faulty_policies_are_shown_and_leave_those_in_force()
    {
        await using var server = await StartPendingAsync();
        var (exit, output, error) = await ServerUnderTest.AskAsync(_folder, "reload", "--dry-run", "--policies", _folder.Write("tried/p.ulm", "when host.vmss > 1 then balance\n"));
        Assert.Equal((ExitCode.PolicyErrors, ""), (exit, output));
        Assert.Contains("p.ulm:1:6", error);
        Assert.Contains("the policies can't be used; those in force stay", error);

        Assert.Equal(ExitCode.CouldNotRun, (await ServerUnderTest.AskAsync(_folder, "reload", "--policies", _folder.File("tried/p.ulm"))).Exit);
    }

    [Fact]
    public async Task Only_the_socket_takes_orders()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        await using var server = await ServerUnderTest.StartAsync(_folder, $"listen = \"http://127.0.0.1:{port}\"");
        using var client = new HttpClient();
        var answer = await client.PostAsJsonAsync($"http://127.0.0.1:{port}/api/v1/reload", new { dryRun = false }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>As Vim and careless tools save, with pauses longer than a still file is waited for.</summary>
    [Fact]
    public async Task A_running_server_never_sees_half_of_a_save()
    {
        await using var server = await StartPendingAsync();
        _folder.Write("policies/.p.ulm.swp", "b0VIM 9.0");
        File.Move(_folder.File("policies/p.ulm"), _folder.File("policies/p.ulm~"));
        await using (var file = new StreamWriter(_folder.File("policies/p.ulm")))
        {
            await file.WriteAsync(Next[..80]);
            await file.FlushAsync(TestContext.Current.CancellationToken);
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            await file.WriteAsync(Next[80..]);
        }

        await Until.TrueAsync(() => Task.FromResult(server.Out.Contains("reloaded: 4 rule(s)")), () => server.Out);
        Assert.DoesNotContain("faults", server.Out);
        Assert.Equal("", server.Error);
    }

    /// <summary>Up, and with the clocks of both waiting rules running.</summary>
    private async Task<ServerUnderTest> StartPendingAsync()
    {
        var server = await ServerUnderTest.StartAsync(_folder);
        await Until.TrueAsync(async () => await SinceAsync("waits") is not null && await SinceAsync("other") is not null, () => server.Out);
        return server;
    }

    private async Task<string?> SinceAsync(string rule) =>
        (await StatusAsync()).GetProperty("rules").EnumerateArray().Single(r => r.GetProperty("name").GetString() == rule).GetProperty("subjects") is var subjects && subjects.GetArrayLength() > 0
            ? subjects[0].GetProperty("since").GetString() : null;

    private async Task<IEnumerable<string?>> RulesAsync() => (await StatusAsync()).GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("name").GetString());

    private Task<JsonElement> StatusAsync() => ServerUnderTest.AskJsonAsync(_folder, "status");
}
