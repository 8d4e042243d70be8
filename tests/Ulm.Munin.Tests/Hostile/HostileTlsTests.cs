using Microsoft.Extensions.Time.Testing;

namespace Ulm.Munin.Tests;

public class HostileTlsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>A node that gives this answer to STARTTLS, and after anything but a promise of TLS serves in the clear.</summary>
    private static Func<ScriptedSession, Task> Offering(string answer) => async s =>
    {
        await s.SendAsync("# munin node at scripted.test\n");
        var command = await s.ReadCommandAsync();
        if (command == "starttls")
        {
            await s.SendAsync(answer);
            if (answer.StartsWith("TLS", StringComparison.Ordinal))
            {
                s.Reached();
                await s.HangAsync();
            }
            command = await s.ReadCommandAsync();
        }
        if (command is null) return;
        Assert.Equal("cap multigraph dirtyconfig", command);
        await s.SendAsync("cap multigraph\n");
        await s.HangAsync();
    };

    [Theory]
    [InlineData("TLS MAYBE\n", "the node has no key (TLS MAYBE)")]
    [InlineData("# Unknown command. Try cap, list\n", "the node has none: '# Unknown command. Try cap, list'")]
    [InlineData("TLS OK\ncap multigraph\n", "15 bytes in the clear after 'TLS OK'")] // slipped in by someone between, to be taken for encrypted
    public async Task Required_AndNotToBeHad_IsTlsFailed(string answer, string message)
    {
        await using var server = new ScriptedNode(Offering(answer));
        await using var node = new MuninNode(server.Options with { Tls = MuninTls.Required }, _time);
        var e = await node.CapabilitiesAsync(_ct).FaultOf(MuninFault.TlsFailed);
        Assert.EndsWith(message, e.Message);
        Assert.True(e.IsNodeWide);
    }

    [Theory]
    [InlineData("TLS MAYBE\n", 2)] // the node has begun a handshake: only a new connection is in the clear
    [InlineData("# Unknown command. Try cap, list\n", 1)]
    public async Task IfOffered_AndNotOffered_GoesOnInTheClear(string answer, int connections)
    {
        await using var server = new ScriptedNode(Offering(answer));
        await using var node = new MuninNode(server.Options with { Tls = MuninTls.IfOffered }, _time);
        Assert.False((await node.CapabilitiesAsync(_ct).Guarded()).Encrypted);
        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Handshake_AnsweredWithNonsense_IsTlsFailed_AlsoWhenOnlyIfOffered()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.SendAsync("# munin node at scripted.test\n");
            await s.ReadCommandAsync();
            await s.SendAsync("TLS OK\n");
            await s.ReadSomeAsync(); // the client's hello, so that what follows is an answer to it
            await s.SendAsync("cap multigraph dirtyconfig\n");
            await s.HangAsync();
        });
        await using var node = new MuninNode(server.Options with { Tls = MuninTls.IfOffered }, _time);
        var e = await node.CapabilitiesAsync(_ct).FaultOf(MuninFault.TlsFailed);
        Assert.Contains("the TLS handshake failed", e.Message);
    }

    [Fact]
    public async Task Handshake_ThatHangs_TimesOut()
    {
        await using var server = new ScriptedNode(Offering("TLS OK\n"));
        await using var node = new MuninNode(server.Options with { Tls = MuninTls.Required }, _time);
        var call = node.CapabilitiesAsync(_ct);
        await server.Reached.Task.Guarded();
        _time.Advance(TimeSpan.FromSeconds(5));
        await call.FaultOf(MuninFault.Timeout);
    }

    [Fact]
    public async Task Disabled_AndDemandedByTheNode_IsTlsFailed()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.SendAsync("# munin node at scripted.test\n");
            await s.ReadCommandAsync();
            await s.SendAsync("# I require TLS. Closing.\n");
        });
        await using var node = new MuninNode(server.Options, _time);
        await node.CapabilitiesAsync(_ct).FaultOf(MuninFault.TlsFailed);
    }
}
