using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Ulm.Munin.Tests;

/// <summary>
/// Each way a node can misbehave, against a real socket. Time is a fake one and moves only where a test says so: a test that does not
/// move it proves that the fault is found without waiting for any limit.
/// </summary>
public class HostileNodeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private async Task<MuninException> FetchFault(MuninFault expected, Func<ScriptedSession, Task> script, Func<MuninNodeOptions, MuninNodeOptions>? change = null)
    {
        await using var server = new ScriptedNode(script);
        await using var node = new MuninNode(change?.Invoke(server.Options) ?? server.Options, _time);
        return await node.FetchAsync("cpu", _ct).FaultOf(expected);
    }

    /// <summary>As above, with the time limit passing once the script has come to its point.</summary>
    private async Task<MuninException> FetchTimeout(Func<ScriptedSession, Task> script, TimeSpan limit)
    {
        await using var server = new ScriptedNode(script);
        await using var node = new MuninNode(server.Options, _time);
        var fetch = node.FetchAsync("cpu", _ct);
        await server.Reached.Task.Guarded();
        Assert.False(fetch.IsCompleted);
        _time.Advance(limit);
        return await fetch.FaultOf(MuninFault.Timeout);
    }

    [Fact]
    public async Task Node_HangsBeforeItsBanner_TimesOut()
    {
        var e = await FetchTimeout(s => { s.Reached(); return s.HangAsync(); }, TimeSpan.FromSeconds(5));
        Assert.True(e.IsNodeWide);
        Assert.EndsWith("connect: not done within 5 s", e.Message);
    }

    [Fact]
    public async Task Node_HangsInTheMiddleOfAnAnswer_TimesOut()
    {
        var e = await FetchTimeout(async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync("user.value 1\nsys");
            s.Reached();
            await s.HangAsync();
        }, TimeSpan.FromSeconds(10));
        Assert.False(e.IsNodeWide);
        Assert.Contains("fetch cpu: not done within 10 s; ", e.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Node_DripsByteByByte_OnlyTheTotalCounts(bool inBanner)
    {
        using var step = new SemaphoreSlim(0);
        using var dripped = new SemaphoreSlim(0);
        await using var server = new ScriptedNode(async s =>
        {
            if (!inBanner)
            {
                await s.GreetAsync();
                await s.ReadCommandAsync();
            }
            while (true)
            {
                await s.SendAsync("x");
                dripped.Release();
                await step.WaitAsync(s.End);
            }
        });
        await using var node = new MuninNode(server.Options with { ConnectTimeout = TimeSpan.FromSeconds(10) }, _time);
        var fetch = node.FetchAsync("cpu", _ct);
        for (var i = 0; i < 10; i++)
        {
            await dripped.WaitAsync(_ct).Guarded();
            Assert.False(fetch.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1)); // never a second without a byte
            step.Release();
        }
        await fetch.FaultOf(MuninFault.Timeout);
    }

    [Fact]
    public async Task Node_SendsAnEndlessLine_IsCutOff()
    {
        var e = await FetchFault(MuninFault.ResponseTooLarge, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            var block = Enumerable.Repeat((byte)'x', 4096).ToArray();
            while (true) await s.SendAsync(block);
        }, o => o with { MaxLineBytes = 10_000 });
        Assert.Contains("fetch cpu: a line of more than 10000 bytes", e.Message);
    }

    [Fact]
    public async Task Node_Sends100MB_IsCutOffAtTheLimit()
    {
        const int Block = 100_000;
        var sent = 0;
        var e = await FetchFault(MuninFault.ResponseTooLarge, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            var block = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a.value 1\n", Block / 10)));
            for (var i = 0; i < 1000; i++)
            {
                await s.SendAsync(block);
                Interlocked.Increment(ref sent);
            }
        }, o => o with { MaxResponseBytes = 1_000_000 });
        Assert.Contains("more than 1000000 bytes", e.Message);
        Assert.InRange(sent, 10, 500); // the limit and what the sockets hold; the rest was never taken
    }

    [Fact]
    public async Task Node_EndlessListLine_IsCutOff()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            while (true) await s.SendAsync("plugin ");
        });
        await using var node = new MuninNode(server.Options, _time);
        await node.ListAsync(ct: _ct).FaultOf(MuninFault.ResponseTooLarge);
    }

    [Fact]
    public async Task Node_ClosesInTheMiddleOfALine_IsReported()
    {
        var e = await FetchFault(MuninFault.ConnectionClosed, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync("user.value 1\nsystem.val");
        });
        Assert.EndsWith("fetch cpu: closed in the middle of a line; 1 lines and 23 bytes had come", e.Message);
    }

    [Fact]
    public async Task Node_ClosesBetweenTwoLines_IsReported()
    {
        var e = await FetchFault(MuninFault.ConnectionClosed, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync("user.value 1\n");
        });
        Assert.EndsWith("closed where a line was expected; 1 lines and 13 bytes had come", e.Message);
    }

    [Fact]
    public async Task Node_ClosesBeforeItsBanner_HintsAtTheAllowList()
    {
        var e = await FetchFault(MuninFault.ConnectionClosed, _ => Task.CompletedTask);
        Assert.True(e.IsNodeWide);
        Assert.Contains("allow list", e.Message);
    }

    [Fact]
    public async Task Node_ResetsTheConnection_IsReported() =>
        await FetchFault(MuninFault.ConnectionClosed, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync("user.value 1\n");
            s.Reset();
        });

    [Fact]
    public async Task Node_NobodyListens_ConnectFails()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // taken, so that nobody else gets it, but not listening
        await using var node = new MuninNode(new MuninNodeOptions { Host = "127.0.0.1", Port = ((IPEndPoint)bound.LocalEndPoint!).Port }, _time);
        var e = await node.FetchAsync("cpu", _ct).FaultOf(MuninFault.ConnectFailed);
        Assert.Contains("ConnectionRefused", e.Message);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "'SSH-2.0-OpenSSH_9.2'")]
    [InlineData("# welcome\n", "'# welcome'")]
    [InlineData("\n", "an empty line")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "'HTTP/1.1 400 Bad Request'")]
    public async Task Node_WrongBanner_IsAViolation(string banner, string came)
    {
        var e = await FetchFault(MuninFault.ProtocolViolation, async s => { await s.SendAsync(banner); await s.HangAsync(); });
        Assert.EndsWith($"connect: expected '# munin node at NAME', line 1 was {came}", e.Message);
    }

    [Fact]
    public async Task Node_AnswersCapWithNonsense_IsAViolation() =>
        await FetchFault(MuninFault.ProtocolViolation, async s => { await s.SendAsync("# munin node at x\nbananas\n"); await s.HangAsync(); });

    [Fact]
    public async Task Node_BinaryGarbage_IsAViolationFitToPrint()
    {
        var e = await FetchFault(MuninFault.ProtocolViolation, async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync([0x00, 0xff, 0x1b, (byte)'[', (byte)'2', (byte)'J', 0x80, (byte)'\n']);
            await s.HangAsync();
        });
        Assert.EndsWith(@"fetch cpu: expected 'field.value number', line 1 was '\x00\xff\x1b[2J\x80'", e.Message);
    }

    [Theory]
    [InlineData("# Unknown command. Try cap, list, nodes, config, fetch, version or quit\n", "line 1 was '# Unknown command.")]
    [InlineData("user.value 1\n.\nsystem.value 2\n", "15 bytes after the end of the answer")]
    [InlineData("<html>\n.\n", "expected 'field.value number', line 1 was '<html>'")]
    public async Task Node_AnswerThatIsNone_IsAViolation(string answer, string message)
    {
        var e = await FetchFault(MuninFault.ProtocolViolation, s => s.ServeAsync(_ => answer));
        Assert.Contains(message, e.Message);
    }

    [Theory]
    [InlineData("# Unknown service\n.\n", MuninFault.UnknownPlugin)]
    [InlineData("# Timed out\n.\n", MuninFault.PluginFailed)]
    [InlineData("# Bad exit\n.\n", MuninFault.PluginFailed)]
    public async Task Node_RefusesAPlugin_TheConnectionStaysGood(string answer, MuninFault fault)
    {
        await using var server = new ScriptedNode(s => s.ServeAsync(command => command == "fetch cpu" ? answer : "a.value 1\n.\n"));
        await using var node = new MuninNode(server.Options, _time);
        await node.FetchAsync("cpu", _ct).FaultOf(fault);
        Assert.Single(await node.FetchAsync("load", _ct).Guarded());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Node_WithoutCapabilities_IsUsedWithout()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.SendAsync("# lrrd munin client at old.test\n");
            await s.ReadCommandAsync();
            await s.SendAsync("# Unknown command. Try list, nodes, config, fetch, version or quit\n");
            await s.HangAsync();
        });
        await using var node = new MuninNode(server.Options, _time);
        var capabilities = await node.CapabilitiesAsync(_ct).Guarded();
        Assert.Equal(("old.test", false, false, false),
            (capabilities.NodeName, capabilities.Multigraph, capabilities.DirtyConfig, capabilities.Encrypted));
    }

    [Theory]
    [InlineData("cpu\nquit")]
    [InlineData("cpu x")]
    [InlineData("")]
    [InlineData("../cpu")]
    public async Task Plugin_NameThatWouldBeAnotherCommand_IsRefusedUnsent(string name)
    {
        await using var server = new ScriptedNode(s => s.HangAsync());
        await using var node = new MuninNode(server.Options, _time);
        await Assert.ThrowsAsync<ArgumentException>(() => node.FetchAsync(name, _ct));
        await Assert.ThrowsAsync<ArgumentException>(() => node.ListAsync(name, _ct));
        Assert.Equal(0, server.Connections);
    }
}
