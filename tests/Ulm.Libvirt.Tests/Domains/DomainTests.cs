using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Domains;

public sealed class DomainTests : IAsyncDisposable
{
    private readonly TestNode _node = new();
    private readonly LibvirtConnection _connection;

    public DomainTests() => _connection = _node.Connect();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _node.Dispose();
    }

    [Fact]
    public async Task List_TellsActiveAndInactive()
    {
        var domains = (await _connection.ListDomainsAsync(Token)).OrderBy(domain => domain.Name).ToArray();

        Assert.Equal(["busy", "idle"], domains.Select(domain => domain.Name));
        Assert.Equal([TestNode.Busy, TestNode.Idle], domains.Select(domain => domain.Uuid));
        Assert.Equal([DomainState.Running, DomainState.ShutOff], domains.Select(domain => domain.State));
        Assert.Equal([true, false], domains.Select(domain => domain.Active));
        Assert.All(domains, domain => Assert.True(domain.Persistent));
    }

    [Fact]
    public async Task List_ADomainCreatedFromXml_IsTransient()
    {
        var uuid = await _connection.CreateXmlAsync(TestNode.Domain("passing", TestNode.Nobody), Token);

        var passing = Assert.Single(await _connection.ListDomainsAsync(Token), domain => domain.Uuid == uuid);

        Assert.Equal((TestNode.Nobody, false, DomainState.Running), (uuid, passing.Persistent, passing.State));
        await _connection.DestroyAsync(uuid, Token);
        Assert.Null(await _connection.GetDomainStateAsync(uuid, Token));
    }

    [Fact]
    public async Task Stats_TellStateAndTimeAndNeverZeroForUnknown()
    {
        var before = TimeProvider.System.GetUtcNow();

        var stats = await _connection.GetAllDomainStatsAsync(Token);

        Assert.Equal(2, stats.Count);
        Assert.Equal(DomainState.Running, stats.Single(one => one.Uuid == TestNode.Busy).State);
        Assert.Equal(DomainState.ShutOff, stats.Single(one => one.Uuid == TestNode.Idle).State);
        // The test driver tells nothing else, and nothing else is made up.
        Assert.All(stats, one => Assert.Null(one.CpuTimeNs ?? one.NetReceivedBytes ?? one.BlockReadBytes ?? one.BalloonCurrentBytes ?? one.VcpusCurrent));
        Assert.All(stats, one => Assert.InRange(one.CapturedAt, before, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task DefineStartDestroyUndefine_GoThroughTheStates()
    {
        var uuid = await _connection.DefineXmlAsync(TestNode.Domain("fresh", TestNode.Nobody), Token);
        Assert.Equal(TestNode.Nobody, uuid);
        Assert.Equal(DomainState.ShutOff, await _connection.GetDomainStateAsync(uuid, Token));

        await _connection.StartAsync(uuid, Token);
        Assert.Equal(DomainState.Running, await _connection.GetDomainStateAsync(uuid, Token));

        await _connection.DestroyAsync(uuid, Token);
        Assert.Equal(DomainState.ShutOff, await _connection.GetDomainStateAsync(uuid, Token));

        await _connection.UndefineAsync(uuid, Token);
        Assert.Null(await _connection.GetDomainStateAsync(uuid, Token));
    }

    [Fact]
    public async Task Shutdown_OfARunningDomain_TurnsItOff()
    {
        await _connection.ShutdownAsync(TestNode.Busy, Token);

        Assert.Equal(DomainState.ShutOff, await _connection.GetDomainStateAsync(TestNode.Busy, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Xml_NamesTheDomainAndItsUuid(bool inactive)
    {
        var xml = await _connection.GetDomainXmlAsync(TestNode.Busy, inactive, Token);

        Assert.Contains("<name>busy</name>", xml);
        Assert.Contains($"<uuid>{TestNode.Busy}</uuid>", xml);
    }

    [Fact]
    public async Task State_OfAnUnknownDomain_IsNull() => Assert.Null(await _connection.GetDomainStateAsync(TestNode.Nobody, Token));
}
