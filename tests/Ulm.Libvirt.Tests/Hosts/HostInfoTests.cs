using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Hosts;

public sealed class HostInfoTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetHostInfo_OnTheDefaultTestHost_TellsItsHardwareInBytes()
    {
        await using var connection = new LibvirtConnection(new LibvirtConnectionOptions { Uri = "test:///default" }, TimeProvider.System);

        var host = await connection.GetHostInfoAsync(Token);

        Assert.Equal((16, 3L * 1024 * 1024 * 1024, 1400, "i686"), (host.Cpus, host.MemoryBytes, host.Mhz, host.CpuModel));
        Assert.Equal((2, 2, 2, 2), (host.NumaNodes, host.SocketsPerNode, host.CoresPerSocket, host.ThreadsPerCore));
        Assert.Equal("TEST", host.HypervisorType, ignoreCase: true);
        Assert.NotEmpty(host.Hostname);
        Assert.True(host.LibvirtVersion >= new Version(6, 0), $"{host.LibvirtVersion}");
    }

    [Fact]
    public async Task GetHostInfo_OnACustomHost_TellsWhatItsFileSays()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        var host = await connection.GetHostInfoAsync(Token);

        Assert.Equal((8, 4L << 30, 2400), (host.Cpus, host.MemoryBytes, host.Mhz));
    }

    [Fact]
    public async Task GetHostCpuTime_TellsWhatItsCpusHaveDone()
    {
        await using var connection = new LibvirtConnection(new LibvirtConnectionOptions { Uri = "test:///default" }, TimeProvider.System);

        // The test driver's own figures, always the same: kernel, user, idle and waiting.
        Assert.Equal(9_797_400_000 + 34_678_723_400_000 + 87_264_900_000 + 763_600_000, await connection.GetHostCpuTimeAsync(Token));
    }

    [Fact]
    public async Task GetCapabilities_OfTheTestHost_AreReadAsTheyCame()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        var xml = await connection.GetCapabilitiesXmlAsync(Token);
        var read = await connection.GetCapabilitiesAsync(Token);

        Assert.StartsWith("<capabilities>", xml);
        Assert.Equal("i686", read.Arch);
        Assert.Contains(read.Guests, guest => guest is { OsType: "hvm" } && guest.DomainTypes.Contains("test"));
    }

    [Fact]
    public async Task SuspendHost_ForNoTime_IsTheCallersMistake()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => connection.SuspendHostAsync(NodeSuspendTarget.Memory, TimeSpan.Zero, Token));
    }
}
