using Ulm.Libvirt.Native;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Errors;

public sealed class TypedErrorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<LibvirtConnection, Task>, LibvirtErrorCode> Refusals => new()
    {
        { "start of an unknown domain", c => c.StartAsync(TestNode.Nobody, Token), LibvirtErrorCode.NoDomain },
        { "XML of an unknown domain", c => c.GetDomainXmlAsync(TestNode.Nobody, false, Token), LibvirtErrorCode.NoDomain },
        { "migration of an unknown domain", c => c.MigrateAsync(TestNode.Nobody, "test:///x", new(), null, Token), LibvirtErrorCode.NoDomain },
        { "start of a running domain", c => c.StartAsync(TestNode.Busy, Token), LibvirtErrorCode.InternalError },
        { "destroy of one that is off", c => c.DestroyAsync(TestNode.Idle, Token), LibvirtErrorCode.OperationInvalid },
        { "broken XML", c => c.DefineXmlAsync("<domain>", Token), LibvirtErrorCode.XmlDetail },
        { "XML of something else", c => c.CreateXmlAsync("<network/>", Token), LibvirtErrorCode.XmlError },
        { "job of a driver without jobs", c => c.GetJobAsync(TestNode.Busy, Token), LibvirtErrorCode.NoSupport },
        { "abort of a driver without jobs", c => c.AbortJobAsync(TestNode.Busy, Token), LibvirtErrorCode.NoSupport },
        { "completed job of a driver without jobs", c => c.GetCompletedJobAsync(TestNode.Busy, Token), LibvirtErrorCode.NoSupport },
        { "CPU comparison of a driver without it", c => c.CompareCpuAsync("<cpu><model>qemu64</model></cpu>", Token), LibvirtErrorCode.NoSupport },
        { "sleep of a driver without it", c => c.SuspendHostAsync(NodeSuspendTarget.Memory, TimeSpan.FromMinutes(1), Token), LibvirtErrorCode.NoSupport },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_IsTypedWithCodeDomainCallAndUri(string what, Func<LibvirtConnection, Task> call, LibvirtErrorCode code)
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        var error = await Assert.ThrowsAsync<LibvirtException>(() => call(connection));

        Assert.True(code == error.Code, $"{what}: {error.Code}, {error.Message}");
        Assert.NotEqual(LibvirtErrorDomain.None, error.Domain);
        Assert.Equal((LibvirtErrorLevel.Error, node.Uri, false), (error.Level, error.Uri, error.ConnectionFailed));
        Assert.Equal($"{error.Words} ({error.Call} on {node.Uri})", error.Message);
        Assert.StartsWith("vir", error.Call);
        // A refusal says nothing about the connection.
        Assert.Equal(ConnectionState.Connected, connection.State);
    }

    [Fact]
    public async Task Migrate_OnADriverThatCannot_IsNotSupported()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        var error = await Assert.ThrowsAsync<LibvirtException>(
            () => connection.MigrateAsync(TestNode.Busy, "test:///default", new MigrationOptions(), null, Token));

        Assert.Equal("virDomainMigrateToURI3", error.Call);
        Assert.Contains(error.Code, new[] { LibvirtErrorCode.NoSupport, LibvirtErrorCode.ArgumentUnsupported, LibvirtErrorCode.OperationInvalid });
        Assert.Equal(DomainState.Running, await connection.GetDomainStateAsync(TestNode.Busy, Token));
    }

    [Theory]
    [InlineData("nosuchdriver:///x")]
    [InlineData("test:///no/such/file.xml")]
    [InlineData("qemu+tcp://127.0.0.1:1/system")]
    [InlineData("qemu+unix:///system?socket=/no/such/socket")]
    public async Task Open_OfWhatIsNotThere_FailsTypedAndNamesTheUri(string uri)
    {
        await using var connection = new LibvirtConnection(new LibvirtConnectionOptions { Uri = uri }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<LibvirtException>(() => connection.GetHostInfoAsync(Token));

        Assert.Equal(("virConnectOpen", uri), (error.Call, error.Uri));
        Assert.NotEqual(LibvirtErrorCode.Ok, error.Code);
        Assert.Equal(ConnectionState.Disconnected, connection.State);
    }

    [Fact]
    public void MissingLibrary_NamesThePackageToInstall()
    {
        var error = Assert.Throws<LibvirtUnavailableException>(() => LibvirtRuntime.Require("libnosuchvirt.so.0"));

        Assert.Contains("libnosuchvirt.so.0", error.Message);
        Assert.Contains("libvirt0", error.Message);
    }

    [Fact]
    public async Task ErrorsOfManyThreads_AreNeverMixedUp()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var error = i % 2 == 0
                ? await Assert.ThrowsAsync<LibvirtException>(() => connection.DestroyAsync(TestNode.Idle, Token))
                : await Assert.ThrowsAsync<LibvirtException>(() => connection.GetJobAsync(TestNode.Busy, Token));
            Assert.Equal(i % 2 == 0 ? LibvirtErrorCode.OperationInvalid : LibvirtErrorCode.NoSupport, error.Code);
        }));
    }
}
