using System.Net;
using System.Net.Sockets;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

/// <summary>libvirt's own in-process driver, which has a host, a CPU and a storage pool, and a munin-node that is there or not.</summary>
public sealed class LiveHostCheckTests
{
    [Fact]
    public async Task A_host_is_looked_over_by_its_libvirt_and_its_munin()
    {
        using var munin = new TcpListener(IPAddress.Loopback, 0);
        munin.Start();
        var served = ServeAsync(munin);
        await using var host = Managed(((IPEndPoint)munin.LocalEndpoint).Port);

        var portrait = await new LiveHostCheck([host]).LookAsync(Host, default);

        Assert.Equal(["default-pool"], portrait.StoragePools);
        Assert.True(portrait is { Cpus: > 0, MemoryBytes: > 0 });
        Assert.Empty(portrait.LostSince(portrait));
        await served;
    }

    [Fact]
    public async Task A_host_whose_munin_does_not_answer_is_not_known_to_be_well()
    {
        await using var host = Managed(1);
        Assert.StartsWith("its munin-node does not answer: ", (await Assert.ThrowsAsync<ActionFailedException>(() => new LiveHostCheck([host]).LookAsync(Host, default))).Message);
    }

    /// <summary>VMs come and go for as long as the server runs.</summary>
    [Fact]
    public async Task The_definition_of_a_guest_that_is_gone_is_forgotten()
    {
        await using var host = Managed(1);
        var definitions = new GuestDefinitions([]);
        var poll = await new HypervisorPoller(host).PollAsync(default);
        var guest = Assert.Single(poll.Active).Uuid;
        await definitions.LearnAsync(host, poll, default);
        Assert.NotNull(definitions.Find(guest));

        definitions.Keep(g => g == guest);
        Assert.NotNull(definitions.Find(guest));
        definitions.Keep(_ => false);
        Assert.Null(definitions.Find(guest));
    }

    private static readonly Host Host = new() { Name = "h1", Cpus = 1, MemoryBytes = 1 };

    private static ManagedHost Managed(int muninPort) => new(
        new HostConfig { Name = "h1", Cluster = "default", LibvirtUri = "test:///default", MigrationUri = "test:///default", MuninHost = "127.0.0.1", MuninPort = muninPort },
        TimeSpan.FromSeconds(10), TimeProvider.System);

    /// <summary>What a munin-node says to whoever lists its plugins.</summary>
    private static async Task ServeAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { NewLine = "\n", AutoFlush = true };
        await writer.WriteLineAsync("# munin node at h1");
        while (await reader.ReadLineAsync() is { } line and not "quit" and not ".")
            await writer.WriteLineAsync(line.StartsWith("cap", StringComparison.Ordinal) ? "cap" : line.StartsWith("list", StringComparison.Ordinal) ? "cpu" : "# Unknown command.");
    }
}
