using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Ulm.Server.Commands;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

/// <summary>Whole commands on the simulated site, whose hosts run six or seven VMs each.</summary>
public sealed class OrderCommandTests
{
    [Fact]
    public async Task A_drain_is_followed_to_its_end_and_undone_by_a_release()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        var (exit, output, error) = await server.RunAsync("drain", "host03", "--because", "new fan");
        Assert.Equal((ExitCode.Clean, ""), (exit, error));
        Assert.Matches("(?m)^done      migrate vm \\w+ from host03 to host\\d\\d: runs on host\\d\\d after", output);
        Assert.EndsWith("host host03 is empty, and closed until `release host03`\n", output);
        var host = (await server.JsonAsync("status")).GetProperty("hosts").EnumerateArray().Single(h => h.GetProperty("name").GetString() == "host03");
        Assert.Equal(("closed to newcomers", 0), (host.GetProperty("state").GetString(), host.GetProperty("vms").GetInt32()));

        var again = await server.RunAsync("drain", "host/host03");
        Assert.Equal(ExitCode.Clean, again.Exit);
        Assert.Matches($"^Nothing to do: host host03 is drained already, since .* by {Environment.UserName}, until `release host03` \\(new fan\\)\\.\n$", again.Out);

        Assert.Equal(ExitCode.Clean, (await server.RunAsync("release", "host03")).Exit);
        Assert.Equal("Nothing to do: host host03 is open already.\n", (await server.RunAsync("release", "host03")).Out);
        Assert.Contains($"drain host host03 ordered by {Environment.UserName}: new fan", (await server.RunAsync("journal", "--count", "1000")).Out);
    }

    [Fact]
    public async Task A_dry_run_shows_the_steps_and_does_nothing()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        var dry = await server.JsonAsync("drain", "host05", "--dry-run");

        Assert.Equal(("ulm.order/1", true, "begun"), (dry.GetProperty("schema").GetString(), dry.GetProperty("dryRun").GetBoolean(), dry.GetProperty("outcome").GetString()));
        Assert.Equal("drain", dry.GetProperty("steps")[0].GetProperty("action").GetString());
        Assert.True(dry.GetProperty("steps").GetArrayLength() > 1);
        Assert.DoesNotContain("host05", (await server.RunAsync("journal")).Out);
    }

    [Fact]
    public async Task A_dry_run_says_how_long_each_step_takes()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        Assert.Matches("(?m)^    2  migrate vm \\w+ from host05 to host\\d\\d urgently +(\\d+m)?\\d+s   after 1$", (await server.RunAsync("maintenance", "host05", "--dry-run")).Out);
    }

    [Fact]
    public async Task What_follows_the_steps_of_a_power_off_is_told_with_them()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        Assert.EndsWith("\n       then power off host host05, once it is empty\n", (await server.RunAsync("power", "off", "host05", "--drain", "--dry-run")).Out);
        Assert.Equal("power off host host05, once it is empty", (await server.JsonAsync("power", "off", "host05", "--drain", "--dry-run")).GetProperty("then").GetString());
        Assert.DoesNotContain("then", (await server.RunAsync("drain", "host05", "--dry-run")).Out);
    }

    [Theory]
    [InlineData("host01", "host host01 has not failed: it is on")]
    [InlineData("hosst01", "there is no host `hosst01`; did you mean host01?")]
    public async Task Only_a_host_that_failed_to_wake_can_be_cleared(string host, string because)
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        Assert.Equal((ExitCode.CouldNotRun, "", $"ulm-server: {because}\n"), await server.RunAsync("power", "clear", host));
    }

    [Fact]
    public async Task A_vm_is_migrated_unless_it_is_there_already()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        var done = await server.JsonAsync("migrate", "web00", "host12");
        Assert.True(done.GetProperty("progress").GetProperty("done").GetBoolean());
        Assert.Equal("succeeded", done.GetProperty("progress").GetProperty("steps")[0].GetProperty("state").GetString());
        Assert.Equal("Nothing to do: vm web00 is on host12 already.\n", (await server.RunAsync("migrate", "vm/web00", "host12")).Out);
    }

    [Theory]
    [InlineData("never migrate vm web00\n", "ULM6206", new[] { "migrate", "web00", "host12" })]
    [InlineData("never power off host host02\n", "ULM6223", new[] { "power", "off", "host02", "--drain" })]
    [InlineData("always keep 12 hosts on\n", "ULM6210", new[] { "power", "off", "host02", "--drain" })]
    [InlineData("reserve 62% memory\n", "ULM6201", new[] { "maintenance", "host02" })]
    [InlineData("always keep 2 hosts on\n", "ULM6218", new[] { "power", "off", "host02" })]
    public async Task What_a_constraint_forbids_is_refused_with_its_code_and_done_by_nobody(string policies, string code, string[] command)
    {
        await using var server = await EmbeddedUnderTest.StartAsync(policies);

        var (exit, output, error) = await server.RunAsync(command);

        Assert.Equal((ExitCode.No, ""), (exit, error));
        Assert.Contains("refused", output);
        Assert.Contains(code, output);
        Assert.Equal((ExitCode.No, true), ((await server.RunAsync([.. command, "--dry-run"])).Exit, (await server.RunAsync([.. command, "--dry-run"])).Out.Contains("would be refused")));
    }

    [Fact]
    public async Task Maintenance_that_the_others_have_no_room_for_says_how_full_they_would_be()
    {
        await using var server = await EmbeddedUnderTest.StartAsync("reserve 62% memory\n");
        Assert.Matches("  the other 11 hosts would be at \\d+% memory and \\d+% cpu in the mean\n  vm ", (await server.RunAsync("maintenance", "host02")).Out);
    }

    [Fact]
    public async Task A_host_is_emptied_powered_off_and_on_again_by_hand()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();

        var off = await server.RunAsync("power", "off", "host04", "--drain");
        Assert.Equal(ExitCode.Clean, off.Exit);
        Assert.EndsWith("host host04 is off until `power on host04`\n", off.Out);
        Assert.StartsWith("Nothing to do: host host04 is off already, since ", (await server.RunAsync("power", "off", "host04")).Out);

        var on = await server.RunAsync("power", "on", "host04");
        Assert.Equal(ExitCode.Clean, on.Exit);
        Assert.Contains("done      power on host host04: it answers after", on.Out);
        Assert.Equal("Nothing to do: host host04 is on already.\n", (await server.RunAsync("power", "on", "host04")).Out);
    }

    [Fact]
    public async Task A_host_in_maintenance_is_switched_off_and_on_and_each_command_says_that_it_stays_in_maintenance()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        await server.RunAsync("maintenance", "host04");

        Assert.EndsWith("host host04 is off until `power on host04`, and then in maintenance again until `release host04`\n", (await server.RunAsync("power", "off", "host04")).Out);
        var on = await server.RunAsync("power", "on", "host04");
        Assert.Contains("  1  keep host host04 in maintenance\n    2  power on host host04\n", on.Out);
        Assert.EndsWith("power on host host04: done; it is in maintenance until `release host04`\n", on.Out);
        Assert.Contains("keep host host04 in maintenance, by ", (await server.RunAsync("hosts")).Out);
        Assert.EndsWith("release host host04: done\n", (await server.RunAsync("release", "host04")).Out);
    }

    [Theory]
    [InlineData("always keep 2 hosts on\n", "ULM6218  host/host04\n  6 VM(s) run there: .*; --drain moves them off first\n")]
    [InlineData("never power off host host04\n", "ULM6223  host/host04\n")]
    public async Task What_is_not_empty_is_not_powered_off_and_says_what_can_be_done(string policies, string expected)
    {
        await using var server = await EmbeddedUnderTest.StartAsync(policies);
        var off = await server.RunAsync("power", "off", "host04", "--dry-run");
        Assert.Equal(ExitCode.No, off.Exit);
        Assert.Matches(expected.Replace("6 VM", "\\d VM", StringComparison.Ordinal).Replace("(s)", "\\(s\\)", StringComparison.Ordinal), off.Out);
    }

    [Fact]
    public async Task What_powers_a_host_on_before_its_time_ends_the_order_that_keeps_it_off()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        await server.RunAsync("power", "off", "host04", "--drain", "--for", "5h");

        var plan = await server.RunAsync("power", "on", "host04", "--dry-run");
        Assert.Matches("  1  end the order that keeps host host04 off\n    2  power on host host04 +\\d+m(\\d+s)?\n", plan.Out);
        Assert.DoesNotContain("shut down", plan.Out);
    }

    [Theory]
    [InlineData("there is no host `hots03`; did you mean host03?", "drain", "hots03")]
    [InlineData("there is no vm `wbe00`; did you mean web00?", "migrate", "wbe00", "host03")]
    [InlineData("there is no host `web00`; the site has 12 of them", "migrate", "web00", "web00")]
    [InlineData("--for: `two hours` is not a duration; write a number and its unit, such as 90s, 10m, 1h30m or 2d", "drain", "host03", "--for", "two hours")]
    [InlineData("--for: 5s is outside 1m to 365d", "drain", "host03", "--for", "5s")]
    [InlineData("--for: 99999d is outside 1m to 365d", "drain", "host03", "--for", "99999d")]
    [InlineData("--for: 9999999999d is outside 1m to 365d", "drain", "host03", "--for", "9999999999d")]
    public async Task Bad_input_is_one_line_and_does_nothing(string expected, params string[] command)
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        Assert.Equal((ExitCode.CouldNotRun, "", $"ulm-server: {expected}\n"), await server.RunAsync(command));
    }

    [Fact]
    public async Task Whoever_stops_watching_does_not_stop_the_work()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(speed: 60);
        var (output, error) = (new StringWriter(), new StringWriter());
        using var interrupt = new CancellationTokenSource();
        var watching = Task.Run(() => CommandLine.RunAsync(["migrate", "web00", "host12", "--socket", server.Socket], new Terminal(TextWriter.Synchronized(output), error, false), interrupt.Token));
        await Until.TrueAsync(() => Task.FromResult(output.ToString().Contains("begun")), () => $"{output}{error}");
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.CouldNotRun, await watching);
        Assert.StartsWith("ulm-server: no longer watched; the server goes on with it.", error.ToString());
        await Until.TrueAsync(async () => (await server.RunAsync("migrate", "web00", "host12", "--dry-run")).Out.Contains("is on host12 already"), () => output.ToString());
    }

    [Fact]
    public async Task Orders_come_over_the_socket_only()
    {
        using var folder = new TempFolder();
        folder.Write("policies/p.ulm", "always keep 1 host on\n");
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        await using var server = await ServerUnderTest.StartAsync(folder, $"listen = \"http://127.0.0.1:{port}\"");
        using var client = new HttpClient();
        var answer = await client.PostAsJsonAsync($"http://127.0.0.1:{port}/api/v1/orders", new { order = "drain", host = "h1" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
