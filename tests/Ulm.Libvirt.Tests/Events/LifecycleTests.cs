using System.Collections.Concurrent;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Events;

public sealed class LifecycleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribe_OpensAndTellsInOrder_FirstThatItKnowsNothing()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();
        var heard = new ConcurrentQueue<DomainLifecycleEvent>();
        using var subscription = connection.SubscribeLifecycle(heard.Enqueue);
        await Wait.Until(() => heard.Count == 1, "the first Resync");

        await connection.DestroyAsync(TestNode.Busy, Token);
        await connection.StartAsync(TestNode.Busy, Token);
        await Wait.Until(() => heard.Count >= 3, "two events");

        Assert.Equal([LifecycleKind.Resync, LifecycleKind.Stopped, LifecycleKind.Started], heard.Select(one => one.Kind).Take(3));
        var stopped = heard.ElementAt(1);
        Assert.Equal((TestNode.Busy, "busy", 1, false), (stopped.Uuid, stopped.Name, stopped.Detail, stopped.IsMigration));   // STOPPED_DESTROYED
        Assert.Equal(Guid.Empty, heard.First().Uuid);
    }

    [Fact]
    public async Task Subscribe_OnAnOpenConnection_NeedsNoResync()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();
        await connection.ListDomainsAsync(Token);
        var heard = new ConcurrentQueue<DomainLifecycleEvent>();
        using var subscription = connection.SubscribeLifecycle(heard.Enqueue);

        await connection.StartAsync(TestNode.Idle, Token);
        await Wait.Until(() => !heard.IsEmpty, "an event");

        Assert.Equal((LifecycleKind.Started, TestNode.Idle), (heard.First().Kind, heard.First().Uuid));
    }

    [Fact]
    public async Task Unsubscribed_HearsNothingMore_OthersDo()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();
        await connection.ListDomainsAsync(Token);
        ConcurrentQueue<DomainLifecycleEvent> first = new(), second = new();
        var subscription = connection.SubscribeLifecycle(first.Enqueue);
        using var other = connection.SubscribeLifecycle(second.Enqueue);
        subscription.Dispose();

        await connection.StartAsync(TestNode.Idle, Token);
        await Wait.Until(() => !second.IsEmpty, "an event at the other subscriber");

        Assert.Empty(first);
    }

    [Fact]
    public async Task ASubscriberThatThrows_IsReportedAndHearsTheNextEvent()
    {
        using var node = new TestNode();
        var errors = new ConcurrentQueue<Exception>();
        await using var connection = new LibvirtConnection(
            new LibvirtConnectionOptions { Uri = node.Uri, OnSubscriberError = errors.Enqueue }, TimeProvider.System);
        var heard = 0;
        using var subscription = connection.SubscribeLifecycle(_ =>
        {
            Interlocked.Increment(ref heard);
            throw new InvalidOperationException("mine");
        });

        await connection.DestroyAsync(TestNode.Busy, Token);
        await Wait.Until(() => heard >= 2, "Resync and Stopped");

        await Wait.Until(() => errors.Count >= 2, "both errors");
        Assert.All(errors, error => Assert.Equal("mine", error.Message));
    }

    [Fact]
    public async Task ASlowSubscriber_HoldsUpNeitherCallsNorOtherSubscribers()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();
        using var release = new ManualResetEventSlim();
        var heard = new ConcurrentQueue<LifecycleKind>();
        using var slow = connection.SubscribeLifecycle(_ => release.Wait(Wait.Limit));
        using var quick = connection.SubscribeLifecycle(one => heard.Enqueue(one.Kind));

        await connection.DestroyAsync(TestNode.Busy, Token);
        await Wait.Until(() => heard.Contains(LifecycleKind.Stopped), "the quick subscriber's event");

        release.Set();
    }

    [Theory]
    [InlineData(LifecycleKind.Started, 1, true)]
    [InlineData(LifecycleKind.Started, 0, false)]
    [InlineData(LifecycleKind.Stopped, 3, true)]
    [InlineData(LifecycleKind.Stopped, 1, false)]
    [InlineData(LifecycleKind.Suspended, 7, true)]
    [InlineData(LifecycleKind.Suspended, 0, false)]
    [InlineData(LifecycleKind.Resumed, 1, true)]
    [InlineData(LifecycleKind.Defined, 1, false)]
    public void IsMigration_KnowsTheHalvesOfAMove(LifecycleKind kind, int detail, bool expected) =>
        Assert.Equal(expected, new DomainLifecycleEvent(kind, Guid.Empty, "", detail, DateTimeOffset.UnixEpoch).IsMigration);
}
