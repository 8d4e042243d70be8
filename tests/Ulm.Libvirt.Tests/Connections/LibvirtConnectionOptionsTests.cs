namespace Ulm.Libvirt.Tests.Connections;

public sealed class LibvirtConnectionOptionsTests
{
    private static readonly LibvirtConnectionOptions Good = new() { Uri = "test:///default" };

    public static TheoryData<LibvirtConnectionOptions> Wrong => new()
    {
        Good with { Uri = " " },
        Good with { KeepAliveInterval = TimeSpan.FromSeconds(-1) },
        Good with { KeepAliveInterval = TimeSpan.FromMilliseconds(500) },
        Good with { KeepAliveCount = 0 },
        Good with { CallTimeout = TimeSpan.Zero },
        Good with { OperationTimeout = TimeSpan.FromSeconds(9) },
        Good with { MaxReconnectPause = TimeSpan.FromMilliseconds(1) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void OutOfBounds_IsRefusedBeforeAnythingIsOpened(LibvirtConnectionOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => new LibvirtConnection(options, TimeProvider.System));

    [Fact]
    public void Defaults_AreThoseTheDocumentationStates()
    {
        Assert.Equal((TimeSpan.FromSeconds(5), 3), (Good.KeepAliveInterval, Good.KeepAliveCount));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), (Good.CallTimeout, Good.OperationTimeout));
        Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15)), (Good.FirstReconnectPause, Good.MaxReconnectPause));
    }
}
