using Microsoft.Extensions.Time.Testing;

namespace Ulm.Munin.Tests;

/// <summary>One connection is kept, and never one with the remains of an earlier answer on it.</summary>
public class ConnectionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private static double? OnlyValue(IReadOnlyList<MuninValues> values) => Assert.Single(Assert.Single(values).Values).Value;

    [Fact]
    public async Task Commands_OfManyCallers_ShareOneConnectionAndGetTheirOwnAnswers()
    {
        await using var server = new ScriptedNode(s => s.ServeAsync(command => $"a.value {command["fetch p".Length..]}\n.\n"));
        await using var node = new MuninNode(server.Options, _time);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => node.FetchAsync($"p{i}", _ct))).Guarded();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double?)i), answers.Select(OnlyValue));
        Assert.Equal((1, 1), (server.Connections, node.Connections));
    }

    [Fact]
    public async Task LateHalfOfAnAnswer_IsNotTakenForTheNext()
    {
        var late = new TaskCompletionSource();
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            if (s.Number > 1)
            {
                await s.SendAsync("a.value 2\n.\n");
                await s.HangAsync();
            }
            s.Reached();
            await late.Task.WaitAsync(s.End);
            await s.SendAsync("a.value 1\n.\n");
        });
        await using var node = new MuninNode(server.Options, _time);
        var first = node.FetchAsync("cpu", _ct);
        await server.Reached.Task.Guarded();
        _time.Advance(TimeSpan.FromSeconds(10));
        await first.FaultOf(MuninFault.Timeout);
        late.SetResult();
        Assert.Equal(2, OnlyValue(await node.FetchAsync("cpu", _ct).Guarded()));
    }

    [Fact]
    public async Task BytesNobodyAskedFor_AreNotTakenForTheNextAnswer()
    {
        var answered = new TaskCompletionSource();
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            while (await s.ReadCommandAsync() is { } command)
            {
                await s.SendAsync($"a.value {s.Number}\n.\n");
                if (command != "fetch first") continue;
                await answered.Task.WaitAsync(s.End);
                await s.SendAsync("a.value 666\n.\n");
                s.Reached();
            }
        });
        await using var node = new MuninNode(server.Options, _time);
        Assert.Equal(1, OnlyValue(await node.FetchAsync("first", _ct).Guarded()));
        answered.SetResult();
        await server.Reached.Task.Guarded();
        var second = await node.FetchAsync("second", _ct).Guarded();
        Assert.Equal((2, 2d), (node.Connections, OnlyValue(second)));
    }

    [Fact]
    public async Task CallerCancels_InTheMiddleOfACommand_TheConnectionIsDropped()
    {
        await using var server = new ScriptedNode(s => s.ServeAsync(_ => s.Number == 1 ? null : "a.value 2\n.\n"));
        await using var node = new MuninNode(server.Options, _time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        var first = node.FetchAsync("cpu", cancel.Token);
        await server.Reached.Task.Guarded();
        await cancel.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Guarded());
        Assert.Equal(cancel.Token, e.CancellationToken);
        Assert.Equal(2, OnlyValue(await node.FetchAsync("cpu", _ct).Guarded()));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task CallerCancels_WhileWaitingForItsTurn_TheOtherIsNotDisturbed()
    {
        var answer = new TaskCompletionSource();
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            s.Reached();
            await answer.Task.WaitAsync(s.End);
            await s.SendAsync("a.value 1\n.\n");
            await s.HangAsync();
        });
        await using var node = new MuninNode(server.Options, _time);
        var first = node.FetchAsync("cpu", _ct);
        await server.Reached.Task.Guarded();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        var second = node.FetchAsync("load", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Guarded());
        answer.SetResult();
        Assert.Equal(1, OnlyValue(await first.Guarded()));
    }

    [Fact]
    public async Task IdleConnectionClosedByTheNode_IsReplacedUnnoticed()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
            await s.SendAsync($"a.value {s.Number}\n.\n"); // and closes
        });
        await using var node = new MuninNode(server.Options, _time);
        for (var i = 1; i <= 3; i++) Assert.Equal(i, OnlyValue(await node.FetchAsync("cpu", _ct).Guarded()));
    }

    [Fact]
    public async Task PooledConnectionClosedUponTheNextCommand_IsReplacedUnnoticed_ButAFreshOneIsNot()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            if (s.Number == 3) return;
            await s.ReadCommandAsync();
            await s.SendAsync($"a.value {s.Number}\n.\n");
            await s.ReadCommandAsync(); // takes the command, then closes without a word
        });
        await using var node = new MuninNode(server.Options, _time);
        Assert.Equal(1, OnlyValue(await node.FetchAsync("cpu", _ct).Guarded()));
        Assert.Equal(2, OnlyValue(await node.FetchAsync("cpu", _ct).Guarded()));
        await node.FetchAsync("cpu", _ct).FaultOf(MuninFault.ConnectionClosed);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task FreshConnectionClosedUponItsFirstCommand_IsReportedNotTriedAgain()
    {
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            await s.ReadCommandAsync();
        });
        await using var node = new MuninNode(server.Options, _time);
        await node.FetchAsync("cpu", _ct).FaultOf(MuninFault.ConnectionClosed);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task ConnectionGrownOld_IsReplacedBetweenTwoCommands()
    {
        await using var server = new ScriptedNode(s => s.ServeAsync(_ => "a.value 1\n.\n"));
        await using var node = new MuninNode(server.Options, _time);
        await node.FetchAsync("cpu", _ct).Guarded();
        _time.Advance(TimeSpan.FromMinutes(9));
        await node.FetchAsync("cpu", _ct).Guarded();
        Assert.Equal(1, node.Connections);
        _time.Advance(TimeSpan.FromMinutes(1));
        await node.FetchAsync("cpu", _ct).Guarded();
        Assert.Equal(2, node.Connections);
    }

    [Fact]
    public async Task Dispose_EndsTheCommandInProgressAndThoseWaiting()
    {
        await using var server = new ScriptedNode(s => s.ServeAsync(_ => null));
        var node = new MuninNode(server.Options, _time);
        Task[] calls = [node.FetchAsync("cpu", _ct), node.FetchAsync("load", _ct)];
        await server.Reached.Task.Guarded();
        await node.DisposeAsync().AsTask().Guarded();
        foreach (var call in calls) await Assert.ThrowsAsync<ObjectDisposedException>(() => call.Guarded());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.FetchAsync("cpu", _ct));
    }
}
