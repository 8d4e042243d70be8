using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Ulm.Munin.Tests;

/// <summary>What is wrong with one plugin or one node costs no other plugin and no other node anything.</summary>
public class CollectorFaultTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>Plugins <c>good...</c> have one field each; all others are answered from the table, or hang where it says null.</summary>
    private static Func<ScriptedSession, Task> Serving(Dictionary<string, string?> answers, ConcurrentQueue<string>? asked = null) => s => s.ServeAsync(command =>
    {
        asked?.Enqueue(command);
        if (answers.TryGetValue(command, out var answer)) return answer;
        if (command.StartsWith("config good", StringComparison.Ordinal)) return "a.label a\n.\n";
        return command.StartsWith("fetch good", StringComparison.Ordinal) ? "a.value 1\n.\n" : "# Unknown service\n.\n";
    });

    [Theory]
    [InlineData("# Unknown service\n.\n", MuninFault.UnknownPlugin)]
    [InlineData("# Bad exit\n.\n", MuninFault.PluginFailed)]
    [InlineData("nonsense!\n.\n", MuninFault.ProtocolViolation)]
    [InlineData("a.value 1\n.\nb.value 2\n.\n", MuninFault.ProtocolViolation)]
    public async Task OnePluginAtFault_TheOthersAreRead(string answer, MuninFault fault)
    {
        await using var server = new ScriptedNode(Serving(new() { ["config bad"] = "a.label a\n.\n", ["fetch bad"] = answer }));
        await using var node = new MuninNode(server.Options, _time);
        var poll = await new MuninCollector(node, _time).PollAsync(["good1", "bad", "good2"], _ct).Guarded();
        Assert.Equal(fault, Assert.Single(poll.Faults, f => f.Key == "bad").Value.Fault);
        Assert.Single(poll.Faults);
        Assert.Equal([1d, 1d], [poll.Readings["good1.a"].Value, poll.Readings["good2.a"].Value]);
        Assert.Equal(poll.Faults["bad"].Message, poll.Readings["bad.a"].UnknownBecause);
        Assert.Null(poll.NodeFault);
    }

    [Fact]
    public async Task OnePluginHangs_TheOthersAreRead_AndNextTimeItComesLast()
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = new ScriptedNode(Serving(new() { ["config slow"] = null }, asked));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        var polling = collector.PollAsync(["slow", "good"], _ct);
        await server.Reached.Task.Guarded();
        _time.Advance(TimeSpan.FromSeconds(10));
        var poll = await polling.Guarded();
        Assert.Equal((MuninFault.Timeout, 1d), (poll.Faults["slow"].Fault, poll.Readings["good.a"].Value));

        asked.Clear();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        polling = collector.PollAsync(["slow", "good"], cancel.Token);
        while (!asked.Contains("config slow")) await Task.Delay(5, _ct);
        Assert.Equal(["fetch good", "config slow"], asked);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling.Guarded());
    }

    [Fact]
    public async Task ValuesForTheFieldsOfAnotherPlugin_AreAViolationAndNotTaken()
    {
        await using var server = new ScriptedNode(Serving(new()
        {
            ["config cpu"] = "user.label user\nsystem.label system\n.\n",
            ["fetch cpu"] = "load.value 99\nuser.value 1\n.\n",
        }));
        await using var node = new MuninNode(server.Options, _time);
        var poll = await new MuninCollector(node, _time).PollAsync(["cpu"], _ct).Guarded();
        Assert.Equal("cpu.system cpu.user", string.Join(' ', poll.Readings.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(MuninFault.ProtocolViolation, poll.Faults["cpu"].Fault);
        Assert.EndsWith("got one for cpu.load, which its config does not name", poll.Faults["cpu"].Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AGraphNamedLikeAnotherPlugin_CanNotStandInForIt(bool liarFirst)
    {
        await using var server = new ScriptedNode(Serving(new()
        {
            ["config liar"] = "multigraph good\na.label a\n.\n",
            ["fetch liar"] = "multigraph good\na.value 666\n.\n",
        }));
        await using var node = new MuninNode(server.Options, _time);
        string[] plugins = liarFirst ? ["liar", "good"] : ["good", "liar"];
        var poll = await new MuninCollector(node, _time).PollAsync(plugins, _ct).Guarded();
        Assert.Equal(1, poll.Readings["good.a"].Value);
        Assert.Equal(["liar"], poll.Faults.Keys);
    }

    [Fact]
    public async Task TwoPluginsWithTheSameGraph_TheFirstIsBelievedAndTheSecondReported()
    {
        await using var server = new ScriptedNode(Serving(new()
        {
            ["config p1"] = "multigraph g\na.label a\n.\n",
            ["fetch p1"] = "multigraph g\na.value 1\n.\n",
            ["config p2"] = "multigraph g\na.label a\nb.label b\n.\n",
            ["fetch p2"] = "multigraph g\na.value 2\nb.value 2\n.\n",
        }));
        await using var node = new MuninNode(server.Options, _time);
        var poll = await new MuninCollector(node, _time).PollAsync(["p1", "p2"], _ct).Guarded();
        Assert.Equal((1d, 2d), (poll.Readings["g.a"].Value, poll.Readings["g.b"].Value));
        Assert.Equal(["p2"], poll.Faults.Keys);
    }

    [Fact]
    public async Task ANodeThatIsDown_IsAskedOnce_AndBlamedForEveryPlugin()
    {
        await using var server = new ScriptedNode(_ => Task.CompletedTask);
        await using var node = new MuninNode(server.Options, _time);
        var poll = await new MuninCollector(node, _time).PollAsync(["cpu", "load", "memory"], _ct).Guarded();
        Assert.Equal(1, server.Connections);
        Assert.Equal(3, poll.Faults.Count);
        Assert.Equal(MuninFault.ConnectionClosed, poll.NodeFault?.Fault);
        Assert.Empty(poll.Readings);
    }

    [Fact]
    public async Task ThePollAsAWholeHasALimit()
    {
        await using var server = new ScriptedNode(Serving(new() { ["config slow"] = null }));
        await using var node = new MuninNode(server.Options with { CommandTimeout = TimeSpan.FromHours(1) }, _time);
        var polling = new MuninCollector(node, _time).PollAsync(["good1", "slow", "good2"], _ct);
        await server.Reached.Task.Guarded();
        _time.Advance(TimeSpan.FromSeconds(30));
        var poll = await polling.Guarded();
        Assert.Equal(1, poll.Readings["good1.a"].Value);
        Assert.Equal([("good2", MuninFault.Timeout), ("slow", MuninFault.Timeout)], poll.Faults.Select(f => (f.Key, f.Value.Fault)).Order());
    }

    [Fact]
    public async Task TwentyGoodNodes_ArePolledWhileAHangingOneStillHangs()
    {
        await using var hanging = new ScriptedNode(s => { s.Reached(); return s.HangAsync(); });
        var hangingNode = new MuninNode(hanging.Options, _time);
        var hangingPoll = new MuninCollector(hangingNode, _time).PollAsync(["good"], _ct);
        await hanging.Reached.Task.Guarded();

        var servers = Enumerable.Range(0, 20).Select(_ => new ScriptedNode(Serving([]))).ToList();
        var nodes = servers.ConvertAll(s => new MuninNode(s.Options, _time));
        var collectors = nodes.ConvertAll(n => new MuninCollector(n, _time));
        for (var round = 0; round < 5; round++)
        {
            var polls = await Task.WhenAll(collectors.Select(c => c.PollAsync(["good1", "good2"], _ct))).Guarded();
            Assert.All(polls, p => Assert.Equal((1d, 1d), (p.Readings["good1.a"].Value, p.Readings["good2.a"].Value)));
            Assert.False(hangingPoll.IsCompleted);
        }

        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var server in servers) await server.DisposeAsync();
        await hangingNode.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => hangingPoll.Guarded());
    }
}
