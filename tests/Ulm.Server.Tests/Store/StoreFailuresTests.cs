using Microsoft.Data.Sqlite;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Server.Store;

namespace Ulm.Server.Tests.Store;

/// <summary>A disk that is full, a lease that is lost, a file that is damaged.</summary>
public sealed class StoreFailuresTests : StoreOnDisk
{
    [Fact]
    public async Task Once_its_disk_is_full_an_append_fails_and_leaves_no_half_entry()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "first")], default);
        store.LimitSizeForTests(pages: 20);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(
            [new JournalEntry(Noon, JournalKind.Rule, "small"), new JournalEntry(Noon, JournalKind.Rule, new string('x', 1 << 20))], default));
        Assert.Equal(["first"], (await store.ReadAsync(0, 10, default)).Select(e => e.Text));
    }

    [Fact]
    public async Task Once_there_is_room_on_the_disk_again_the_store_keeps_what_it_is_given()
    {
        using var store = SqliteStateStore.Open(FileName);
        store.LimitSizeForTests(pages: 20);
        for (var times = 0; times < 3; times++)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, new string('x', 1 << 20))], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, new string('x', 1 << 20), Noon)], default));

        store.LimitSizeForTests(pages: 2000);

        await store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "again")], default);
        Assert.Equal(["again"], (await store.ReadAsync(0, 10, default)).Select(e => e.Text));
        Assert.Empty(await store.LoadOrdersAsync(default));
    }

    /// <summary>Two servers, two connections: what the lease's last holder writes after another has taken it is refused, of every kind, and leaves nothing.</summary>
    [Fact]
    public async Task Whoever_has_lost_the_lease_writes_nothing()
    {
        using var a = SqliteStateStore.Open(FileName);
        using var b = SqliteStateStore.Open(FileName);
        a.Fence = new Fence("site", (await a.LeaseAsync(new LeaseWish("site", "a", null, Noon, TimeSpan.FromSeconds(30)), default)).Token);
        await a.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "by a")], default);

        var waits = await b.LeaseAsync(new LeaseWish("site", "b", null, Noon, TimeSpan.FromSeconds(30)), default);
        var takes = await b.LeaseAsync(new LeaseWish("site", "b", null, Noon, TimeSpan.FromSeconds(30)) { Unrenewed = TimeSpan.FromSeconds(30) }, default);

        Assert.Equal(("a", 1, "b", 2), (waits.Holder, waits.Token, takes.Holder, takes.Token));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "late")], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, "late", Noon)], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SavePendingPlansAsync(["late"], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SaveHoldsAsync(new SavedHolds(Noon, []), default));
        Assert.Equal("b", (await a.LeaseAsync(new LeaseWish("site", "a", 1, Noon, TimeSpan.FromSeconds(30)), default)).Holder);
        b.Fence = new Fence("site", takes.Token);
        await b.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "by b")], default);
        Assert.Equal(["by a", "by b"], (await b.ReadAsync(0, 10, default)).Select(e => e.Text));
        Assert.Empty(await b.LoadOrdersAsync(default));
        Assert.Null(await b.LoadHoldsAsync(default));
    }

    /// <summary>Whatever stands in it that makes no sense: the file is named, and nobody acts on it.</summary>
    [Theory]
    [InlineData("update hold set holds = '{'")]
    [InlineData("update hold set saved_at = 'x'")]
    [InlineData("update journal set at = 'abc'")]
    [InlineData("update journal set at = -5")]
    [InlineData("update journal set kind = 'Nothing'")]
    [InlineData("update journal set text = x'00ff'")]
    [InlineData("update journal set details = '[]'")]
    [InlineData("update kept set kept = '[null]' where what = 'host lives'")]
    [InlineData("update kept set kept = '[{}]' where what = 'host lives'")]
    [InlineData("update kept set kept = '[null]' where what = 'going on'")]
    [InlineData("update kept set kept = '[{}]' where what = 'going on'")]
    [InlineData("update host_order set kept = 'null'")]
    [InlineData("update host_order set kept = '{}'")]
    public async Task What_makes_no_sense_is_a_store_that_fails(string damage)
    {
        using (var store = SqliteStateStore.Open(FileName))
        {
            await store.AppendAsync([Step(JournalKind.Begun, "d1/1")], default);
            await store.SaveHoldsAsync(new SavedHolds(Noon, []), default);
            await store.SaveLivesAsync([new HostLife("h1", HostPhase.On, Noon, "first seen")], default);
            await store.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, "gather", Noon)], default);
        }

        using (var connection = new SqliteConnection($"Data Source={FileName};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        using var damaged = SqliteStateStore.Open(FileName);
        Func<Task>[] start = [() => damaged.LoadHoldsAsync(default), () => damaged.UnfinishedAsync(default), () => damaged.LoadLivesAsync(default), () => damaged.LoadOrdersAsync(default)];
        var failed = new List<string>();
        foreach (var load in start)
        {
            try
            {
                await load();
            }
            catch (StoreUnavailableException e)
            {
                failed.Add(e.Message);
            }
        }

        Assert.Contains(FileName, Assert.Single(failed));
    }
}
