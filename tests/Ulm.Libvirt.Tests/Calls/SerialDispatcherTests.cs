using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Calls;

public sealed class SerialDispatcherTests
{
    [Fact]
    public async Task Post_DeliversInOrder()
    {
        var heard = new List<int>();
        using var dispatcher = new SerialDispatcher<int>(heard.Add, () => -1, null);

        for (var i = 0; i < 1000; i++) dispatcher.Post(i);
        await Wait.Until(() => heard.Count == 1000, "all items");

        Assert.Equal(Enumerable.Range(0, 1000), heard);
    }

    [Fact]
    public async Task Post_ToASubscriberThatFellTooFarBehind_TellsThatSomethingIsMissing()
    {
        using var release = new ManualResetEventSlim();
        var heard = new List<int>();
        using var dispatcher = new SerialDispatcher<int>(
            item =>
            {
                release.Wait(Wait.Limit);
                lock (heard) heard.Add(item);
            }, () => -1, null);

        for (var i = 0; i < SerialDispatcher<int>.Capacity + 100; i++) dispatcher.Post(i);
        release.Set();
        await Wait.Until(() => { lock (heard) return heard.Contains(SerialDispatcher<int>.Capacity - 1); }, "what fitted");

        lock (heard) Assert.Single(heard, -1);
    }

    [Fact]
    public async Task Complete_StillDeliversWhatIsQueued()
    {
        var heard = 0;
        var dispatcher = new SerialDispatcher<int>(_ => Interlocked.Increment(ref heard), () => -1, null);
        for (var i = 0; i < 10; i++) dispatcher.Post(i);

        dispatcher.Complete();
        dispatcher.Post(11);

        await Wait.Until(() => heard == 10, "the ten items");
    }
}
