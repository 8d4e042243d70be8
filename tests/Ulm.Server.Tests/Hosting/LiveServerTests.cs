using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Hosting;

public sealed class LiveServerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LiveServerTests() => _folder.Write("policies/p.ulm", "policy relieve when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_shows_the_hosts_and_guests_that_libvirt_names()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        await Until.TrueAsync(async () => (await ServerUnderTest.AskJsonAsync(_folder, "status")).GetProperty("vms").GetArrayLength() == 1, () => server.Out);
        var status = await ServerUnderTest.AskJsonAsync(_folder, "status");
        Assert.Equal("ulm.status/1", status.GetProperty("schema").GetString());
        var host = Assert.Single(status.GetProperty("hosts").EnumerateArray());
        Assert.Equal(("h1", "on", 1), (host.GetProperty("name").GetString(), host.GetProperty("state").GetString(), host.GetProperty("vms").GetInt32()));
        Assert.Equal(("test", "h1"), (status.GetProperty("vms")[0].GetProperty("name").GetString(), status.GetProperty("vms")[0].GetProperty("host").GetString()));
        Assert.Equal("relieve", status.GetProperty("rules")[0].GetProperty("name").GetString());
        Assert.Contains("h1", (await ServerUnderTest.AskAsync(_folder, "status")).Out);
    }

    [Fact]
    public async Task Policies_are_validated_against_a_running_server_by_its_socket()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        await Until.TrueAsync(async () => (await ServerUnderTest.AskJsonAsync(_folder, "status")).GetProperty("vms").GetArrayLength() == 1, () => server.Out);
        var policy = _folder.Write("new.ulm", "never migrate vm tset\npolicy p when host.munin[\"a.b\"] > 1 for 10m then evacuate heaviest fitting vm\n");
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(["validate", policy, "--against", _folder.File("ulm.sock")], new Terminal(output, error, Colour: false), TestContext.Current.CancellationToken);
        Assert.True(exit == 3, error.ToString());
        Assert.Contains("the site has no vm `tset`", error.ToString());
        Assert.Contains("did you mean `test`?", error.ToString());
        Assert.DoesNotContain("ULM1909", error.ToString());   // no munin-node answers there: which fields it has is not known
    }

    [Fact]
    public async Task A_munin_node_that_is_not_there_is_told_once_and_shown_in_status()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        await Until.TrueAsync(
            async () => (await ServerUnderTest.AskJsonAsync(_folder, "status")).GetProperty("faults").EnumerateArray().Any(f => f.GetString()!.StartsWith("h1 munin")), () => server.Out);
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Single(server.Out.Split('\n'), line => line.Contains("h1 munin"));
    }

    [Fact]
    public async Task Plan_without_files_asks_the_server()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        var plan = await ServerUnderTest.AskJsonAsync(_folder, "plan");
        Assert.Equal("ulm.plan/1", plan.GetProperty("schema").GetString());
        Assert.Equal(0, plan.GetProperty("steps").GetArrayLength());
    }

    /// <summary>Nothing to do, as all is well, and nothing done, as nothing is known, are two things.</summary>
    [Fact]
    public async Task Plan_says_of_whom_nothing_is_known_and_the_export_makes_nothing_up()
    {
        ServerUnderTest.Config(_folder);
        _folder.Write("ulm.toml", File.ReadAllText(_folder.File("ulm.toml")).Replace("test:///default", "qemu+tcp://127.0.0.1:1/system", StringComparison.Ordinal));
        await using var server = ServerUnderTest.Begin(_folder.File("ulm.toml"));
        await Until.TrueAsync(async () => (await ServerUnderTest.AskAsync(_folder, "plan")).Out.Contains("host h1: "), () => $"{server.Out}{server.Error}");

        var plan = await ServerUnderTest.AskAsync(_folder, "plan");
        Assert.Equal(0, plan.Exit);
        Assert.Contains("nothing is known, so nothing can be planned\n\nNothing is known, and so nothing decided, of the only host:\n  host h1: ", plan.Out);
        Assert.Equal("h1", Assert.Single((await ServerUnderTest.AskJsonAsync(_folder, "plan")).GetProperty("unknown").EnumerateArray()).GetProperty("host").GetString());

        var (exit, site, error) = await ServerUnderTest.AskAsync(_folder, "site", "export");
        Assert.Equal((0, "ulm-server: left out, as they have not answered yet and their size is not known: h1\n"), (exit, error));
        using var json = System.Text.Json.JsonDocument.Parse(site);
        Assert.Empty(json.RootElement.GetProperty("hosts").EnumerateArray());
        Assert.Equal("h1", json.RootElement.GetProperty("notSeen")[0].GetString());

        // Its name is known all the same.
        var policy = _folder.Write("new.ulm", "never power off host h1\nnever power off host h2\n");
        var (output, told) = (new StringWriter(), new StringWriter());
        Assert.Equal(3, await CommandLine.RunAsync(["validate", policy, "--against", _folder.File("ulm.sock")], new Terminal(output, told, Colour: false), TestContext.Current.CancellationToken));
        Assert.Contains("no host `h2`", told.ToString());
        Assert.DoesNotContain("no host `h1`", told.ToString());
    }

    [Fact]
    public async Task Schedule_without_files_asks_the_server_which_knows_how_long_hosts_boot()
    {
        _folder.Write("policies/p.ulm", "policy ready have 1 host on by 07:30\npolicy night at 20:00 balance\n");
        await using var server = await ServerUnderTest.StartAsync(_folder);
        var schedule = await ServerUnderTest.AskJsonAsync(_folder, "schedule", "--rule", "ready", "--count", "2", "--from", "2026-12-23");
        Assert.Equal("by the boot times that were measured, else configured, polled every 1s", schedule.GetProperty("leads").GetString());
        var rule = Assert.Single(schedule.GetProperty("rules").EnumerateArray());
        Assert.StartsWith("2026-12-23T07:2", rule.GetProperty("times")[0].GetProperty("local").GetString());

        var (exit, output, error) = await ServerUnderTest.AskAsync(_folder, "schedule", "--rule", "redy");
        AssertOneLine((exit, output, error), ExitCode.CouldNotRun, "there is no rule `redy`; did you mean ready?");
        AssertOneLine(await ServerUnderTest.AskAsync(_folder, "schedule", "--from", "soon"), ExitCode.CouldNotRun, "--from: `soon` is not a time");
    }

    [Fact]
    public async Task The_journal_is_answered_by_the_server_and_read_from_the_store_without_it()
    {
        await using (await ServerUnderTest.StartAsync(_folder))
        {
            var entries = (await ServerUnderTest.AskJsonAsync(_folder, "journal")).GetProperty("entries").EnumerateArray();
            Assert.Contains(entries, e => e.GetProperty("text").GetString()!.StartsWith("started: 1 host(s)"));
        }

        var offline = await ServerUnderTest.AskAsync(_folder, "journal", "--store", _folder.File("ulm.db"));
        Assert.Equal(0, offline.Exit);
        Assert.Contains("started: 1 host(s)", offline.Out);
    }

    [Fact]
    public async Task Faulty_policies_leave_those_in_force_that_ran_before()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        _folder.Write("policies/p.ulm", "policy relieve when host.cpuu > 75% then evacuate heaviest vm\n");
        await Until.TrueAsync(() => Task.FromResult(server.Out.Contains("stay in force")), () => server.Out);
        Assert.Contains("p.ulm:1:21", server.Error);
        Assert.Equal("relieve", (await ServerUnderTest.AskJsonAsync(_folder, "status")).GetProperty("rules")[0].GetProperty("name").GetString());

        _folder.Write("policies/p.ulm", "policy other when host.cpu > 80% for 1m then evacuate heaviest vm\n");
        await Until.TrueAsync(() => Task.FromResult(server.Out.Contains("reloaded: 1 rule(s)")), () => server.Out);
        Assert.Equal("other", (await ServerUnderTest.AskJsonAsync(_folder, "status")).GetProperty("rules")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_second_server_on_the_same_socket_is_refused_in_one_line()
    {
        await using var server = await ServerUnderTest.StartAsync(_folder);
        var second = _folder.Write("second.toml", File.ReadAllText(_folder.File("ulm.toml")).Replace("ulm.db", "second.db"));
        AssertOneLine(await RunAsync(second), ExitCode.CouldNotRun, "another server listens on");
    }

    [Fact]
    public async Task A_second_server_on_the_same_store_stands_by_and_takes_over_from_the_first()
    {
        var first = await ServerUnderTest.StartAsync(_folder);
        await Until.TrueAsync(async () => (await ServerUnderTest.AskAsync(_folder, "status")).Out.Contains("lease 1: "), () => first.Error);
        await using var second = ServerUnderTest.Begin(_folder.Write("second.toml", File.ReadAllText(_folder.File("ulm.toml")).Replace("ulm.sock", "second.sock")));
        var status = (Exit: 0, Out: "", Error: "");
        await Until.TrueAsync(async () => (status = await AskSecondAsync()).Out.Contains("NOT ACTING"), () => status.Out + second.Error);

        Assert.Equal(ExitCode.No, status.Exit);
        Assert.Contains($"NOT ACTING: another server acts on this site: {Environment.MachineName}:", status.Out);
        Assert.Contains("lease 1: ", status.Out);
        var another = $"another server acts on this site: {Environment.MachineName}:";
        Assert.Contains($"standing by: {another}", second.Error);
        foreach (var command in (string[][])[["drain", "h1"], ["hold", "h1", "--for", "1h", "--because", "x"], ["power", "clear", "h1"], ["plan"], ["site", "export"]])
        {
            var answer = await ServerUnderTest.AskAsync(_folder, "second.sock", command);
            Assert.Equal((ExitCode.CouldNotRun, ""), (answer.Exit, answer.Out));
            Assert.StartsWith($"ulm-server: this server stands by and knows nothing of the site: {another}", answer.Error);
        }

        foreach (var command in (string[][])[["hosts"], ["vms"], ["vms", "--on", "h1"], ["hosts", "--format", "json"]])
        {
            var answer = await ServerUnderTest.AskAsync(_folder, "second.sock", command);
            Assert.Equal((ExitCode.CouldNotRun, ""), (answer.Exit, answer.Out));
            Assert.StartsWith($"ulm-server: this server knows nothing of the site: {another}", answer.Error);
        }

        await first.DisposeAsync();
        await Until.TrueAsync(async () => (status = await AskSecondAsync()).Exit == ExitCode.Clean, () => status.Out + second.Error);
        Assert.Contains("lease 2: ", status.Out);

        Task<(int Exit, string Out, string Error)> AskSecondAsync() => ServerUnderTest.AskAsync(_folder, "second.sock", ["status"]);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        AssertOneLine(await RunAsync(ServerUnderTest.Config(_folder, $"listen = \"http://127.0.0.1:{port}\"")), ExitCode.CouldNotRun, "address already in use");
    }

    [Fact]
    public async Task A_socket_file_left_by_a_killed_server_is_no_hindrance()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // .NET would take it away with the socket; it does not find it under its new name.
            killed.Bind(new UnixDomainSocketEndPoint(_folder.File("bound.sock")));
            File.Move(_folder.File("bound.sock"), _folder.File("ulm.sock"));
        }

        Assert.True(File.Exists(_folder.File("ulm.sock")));
        await using var server = await ServerUnderTest.StartAsync(_folder);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_not_taken_away_for_one()
    {
        _folder.Write("ulm.sock", "precious");
        AssertOneLine(await RunAsync(ServerUnderTest.Config(_folder)), ExitCode.CouldNotRun, "ulm.sock is no socket");
        Assert.Equal("precious", File.ReadAllText(_folder.File("ulm.sock")));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Kestrel": {"Endpoints": {"Http": {"Url": "http://256.0.0.1:99999"}}}}""")]
    public async Task An_appsettings_file_in_the_working_directory_configures_nothing(string appsettings)
    {
        _folder.Write("appsettings.json", appsettings);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ulm-server.dll"), "run", "--config", ServerUnderTest.Config(_folder)])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var server = Process.Start(start)!;
        var (output, error) = (server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            await Until.TrueAsync(async () => server.HasExited || (await ServerUnderTest.AskAsync(_folder, "status")).Exit == 0, () => "it does not answer");
            Assert.False(server.HasExited);
        }
        finally
        {
            server.Kill();
            await Task.WhenAll(output, error);
        }

        Assert.Empty(await error);
    }

    [Fact]
    public async Task Policies_with_errors_start_nothing()
    {
        _folder.Write("policies/p.ulm", "when host.cpu > 75 for 10m then evacuate heaviest vm");
        var (exit, _, error) = await RunAsync(ServerUnderTest.Config(_folder));
        Assert.Equal(ExitCode.PolicyErrors, exit);
        Assert.Contains("p.ulm:1:17", error);
        Assert.False(File.Exists(_folder.File("ulm.db")));
    }

    [Fact]
    public async Task A_store_that_can_not_be_used_is_one_line()
    {
        _folder.Write("ulm.db", new string('x', 5000));
        AssertOneLine(await RunAsync(ServerUnderTest.Config(_folder)), ExitCode.CouldNotRun, "can't use the store");
    }

    [Fact]
    public async Task Without_a_server_commands_say_so_in_one_line()
    {
        foreach (var command in new[] { "status", "journal", "plan" })
        {
            var (exit, output, error) = await ServerUnderTest.AskAsync(_folder, command);
            AssertOneLine((exit, output, error), ExitCode.CouldNotRun, "no server answers at");
        }
    }

    private static void AssertOneLine((int Exit, string Out, string Error) result, int exit, string expected)
    {
        Assert.Equal(exit, result.Exit);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Empty(result.Out);
    }

    private static async Task<(int Exit, string Out, string Error)> RunAsync(string config)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(["run", "--config", config], new Terminal(output, error, false), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
