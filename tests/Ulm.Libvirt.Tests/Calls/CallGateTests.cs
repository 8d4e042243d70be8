using Microsoft.Extensions.Time.Testing;
using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Calls;

public sealed class CallGateTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CallGate _gate;
    private readonly ManualResetEventSlim _answer = new();

    public CallGateTests() => _gate = new CallGate("hung:///host", _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _answer.Set();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Run_GivesTheAnswerOrTheFailureOfTheCall()
    {
        Assert.Equal(42, await _gate.RunAsync("virA", Second, () => 42, Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => _gate.RunAsync<int>("virA", Second, () => throw new InvalidDataException(), Token));
        Assert.Equal(43, await _gate.RunAsync("virA", Second, () => 43, Token));
    }

    [Fact]
    public async Task Run_NeverTwoAtOnce()
    {
        int now = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _gate.RunAsync("virA", Second, () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Thread.Yield();
            return Interlocked.Decrement(ref now);
        }, Token)));

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Run_NoAnswer_TimesOutByTheGivenClockAndSaysItWasSent()
    {
        var call = await StartHung(Token);
        _time.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => call);

        Assert.Equal(("virHung", "hung:///host", true, Second), (error.Call, error.Uri, error.Sent, error.Waited));
    }

    [Fact]
    public async Task Run_WhileACallIsStuck_FailsAtOnceNamesItAndIsNeverSent()
    {
        var call = await StartHung(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<LibvirtTimeoutException>(() => call);
        _time.Advance(TimeSpan.FromSeconds(2));
        var sent = false;

        var error = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => _gate.RunAsync("virLater", Second, () => sent = true, Token));

        Assert.Equal(("virLater", false, TimeSpan.Zero, false), (error.Call, error.Sent, error.Waited, sent));
        Assert.Contains("virHung has had no answer for 3 s", error.Message);
    }

    [Fact]
    public async Task Run_BehindALongCallThatMayLast_TimesOutUnsentAndNamesIt()
    {
        var operation = await StartHung(Token, TimeSpan.FromSeconds(60));
        var sent = false;
        var waiting = _gate.RunAsync("virLater", Second, () => sent = true, Token);
        _time.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => waiting);

        Assert.Equal((false, false), (error.Sent, sent));
        Assert.Contains("virHung being under way", error.Message);
        _answer.Set();
        Assert.Equal(7, await operation);
    }

    [Fact]
    public async Task Run_OnceTheStuckCallReturned_GoesOn()
    {
        var call = await StartHung(Token);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<LibvirtTimeoutException>(() => call);

        _answer.Set();
        await Wait.Until(() => Succeeds().GetAwaiter().GetResult(), "the gate to open again");

        async Task<bool> Succeeds()
        {
            try
            {
                return await _gate.RunAsync("virLater", Second, () => true, Token);
            }
            catch (LibvirtTimeoutException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Run_Cancelled_FreesTheCallerWithItsToken_NotTheGate()
    {
        using var cancel = new CancellationTokenSource();
        var call = await StartHung(cancel.Token);
        cancel.Cancel();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Equal(cancel.Token, error.CancellationToken);
        var next = _gate.RunAsync("virLater", Second, () => 1, Token);
        Assert.False(next.IsCompleted);
        _answer.Set();
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task RunLast_WaitsForTheCallBeforeIt()
    {
        var call = await StartHung(Token);
        var closed = false;
        var last = _gate.RunLastAsync(() => closed = true);
        Assert.False(closed);

        _answer.Set();
        await last;

        Assert.True(closed);
        Assert.Equal(7, await call);
    }

    private async Task<Task<int>> StartHung(CancellationToken token, TimeSpan? timeout = null)
    {
        using var begun = new ManualResetEventSlim();
        var call = _gate.RunAsync("virHung", timeout ?? Second, () =>
        {
            begun.Set();
            _answer.Wait(Wait.Limit);
            return 7;
        }, token);
        await Wait.Until(() => begun.IsSet, "the call to begin");
        return call;
    }
}
