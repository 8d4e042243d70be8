using System.Net;
using System.Net.Sockets;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>Whole commands that can't do what they are asked: an exit code a script can tell apart, and words for whoever reads them.</summary>
public sealed class CommandTests(LabSite lab) : LabTest(lab)
{
    private const string Policy = "when host.cpu > 75% for 10m then evacuate heaviest fitting vm";

    protected override int Hosts => 1;

    [Fact]
    public async Task A_configuration_that_is_not_there_or_no_TOML_is_told_with_its_place()
    {
        using var setup = await UlmSetup.OfAsync(Lab, Policy);

        var missing = await UlmCommand.RunAsync("run", "--config", setup.Config + ".old");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("ulm.toml.old", missing.ErrorLine);

        await File.WriteAllTextAsync(setup.Config, "[polling\n", Cancellation);
        var broken = await UlmCommand.RunAsync("run", "--config", setup.Config);
        Assert.Equal(1, broken.ExitCode);
        Assert.StartsWith($"ulm-server: the configuration is no TOML:\n  {setup.Config}:1:9: ", broken.Error);
    }

    [Fact]
    public async Task All_faults_of_a_configuration_are_told_at_once()
    {
        // The last host stands apart from the others, as TOML allows.
        using var setup = await UlmSetup.OfAsync(Lab, Policy, """
            [site]
            timezone = "Europe/Copenhaven"

            [limits]
            cpu-percent = 400
            idle-times = "5m"

            [[host]]
            name = "h9"
            munin = "10.77.0.19:port"
            """);
        var answer = await UlmCommand.RunAsync("run", "--config", setup.Config);
        Assert.Equal(1, answer.ExitCode);
        foreach (var fault in (string[])["site.timezone", "limits.cpu-percent", "did you mean idle-time?", $"host[{Lab.Hosts.Count + 1}].libvirt", $"host[{Lab.Hosts.Count + 1}].munin"])
            Assert.Contains(fault, answer.Error);
    }

    [Fact]
    public async Task Policies_with_errors_start_nothing()
    {
        using var setup = await UlmSetup.OfAsync(Lab, $"{Policy}\nwhen host.cpu > 80 GiB then balance\n");
        var answer = await UlmCommand.RunAsync("run", "--config", setup.Config);
        Assert.Equal(3, answer.ExitCode);
        Assert.Contains($"{setup.Policies}/site.ulm:2:", answer.Error);
        Assert.Contains('^', answer.Error);
        Assert.False(File.Exists(setup.Store));
    }

    [Fact]
    public async Task An_HTTP_port_in_use_is_told_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var setup = await UlmSetup.OfAsync(Lab, Policy);
        var config = await File.ReadAllTextAsync(setup.Config, Cancellation);
        await File.WriteAllTextAsync(setup.Config, config.Replace("[server]", $"[server]\nlisten = \"http://127.0.0.1:{port}\"", StringComparison.Ordinal), Cancellation);

        var answer = await UlmCommand.RunAsync("run", "--config", setup.Config);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", answer.ErrorLine);
    }

    [Fact]
    public async Task A_second_server_on_the_same_socket_does_not_start_and_one_on_the_same_store_stands_by()
    {
        using var setup = await UlmSetup.OfAsync(Lab, Policy);
        await using var first = await UlmServer.StartAsync(setup);

        var config = await File.ReadAllTextAsync(setup.Config, Cancellation);
        await File.WriteAllTextAsync(setup.Config, config.Replace(setup.Store, setup.Store + "2", StringComparison.Ordinal), Cancellation);
        var sameSocket = await UlmCommand.RunAsync("run", "--config", setup.Config);
        Assert.Equal(1, sameSocket.ExitCode);
        Assert.Contains(setup.Socket, sameSocket.ErrorLine);

        await File.WriteAllTextAsync(setup.Config, config.Replace(setup.Socket, setup.Socket + "2", StringComparison.Ordinal), Cancellation);
        await using var second = UlmServer.StandBy(setup);
        await Poll.UntilAsync("the second one stands by", async () =>
            await UlmCommand.RunAsync("status", "--socket", setup.Socket + "2") is { ExitCode: 2 } waiting && waiting.Output.Contains("NOT ACTING: another server acts", StringComparison.Ordinal));

        await first.PollsAsync(1);
        Assert.Equal("on", (await first.StatusAsync()).Host("h1").State);
        Assert.Equal(0, second.Count("cpu"));

        // Once the first one goes, the second takes over.
        await first.StopAsync();
        await second.PollsAsync(1);
        await second.StopAsync();

        var status = await UlmCommand.RunAsync("status", "--socket", setup.Socket);   // now that there is none
        Assert.Equal(1, status.ExitCode);
        Assert.Contains(setup.Socket, status.ErrorLine);
    }
}
