using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Calls;

public sealed class NativeWorkersTests
{
    [Fact]
    public async Task FiftyHungCalls_HoldUpNeitherOthersNorTheThreadPool()
    {
        using var answer = new ManualResetEventSlim();
        var hung = Enumerable.Range(0, 50).Select(_ => NativeWorkers.Run(() => answer.Wait(Wait.Limit))).ToArray();

        Assert.Equal(1, await NativeWorkers.Run(() => 1).WaitAsync(Wait.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(2, await Task.Run(() => 2, TestContext.Current.CancellationToken).WaitAsync(Wait.Limit, TestContext.Current.CancellationToken));

        answer.Set();
        Assert.All(await Task.WhenAll(hung), Assert.True);
    }

    [Fact]
    public async Task Jobs_RunOutsideTheThreadPool_AndTheirContinuationsInIt()
    {
        var inside = await NativeWorkers.Run(() => Thread.CurrentThread.IsThreadPoolThread);

        Assert.False(inside);
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);
    }

    [Fact]
    public async Task OneAfterTheOther_ReuseAThread()
    {
        var threads = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            threads.Add(await NativeWorkers.Run(() => Environment.CurrentManagedThreadId));
            await Task.Yield();
        }

        // Other tests share the workers; a thread for each job would make 200.
        Assert.InRange(threads.Count, 1, 100);
    }
}
