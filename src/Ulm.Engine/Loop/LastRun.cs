using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>What the run before this one left, as far as the first look has to see to it.</summary>
/// <param name="Holds">Rules' clocks; null: there was no run.</param>
/// <param name="Unfinished">Steps that were begun and whose end nobody saw.</param>
internal sealed record LastRun(SavedHolds? Holds, IReadOnlyList<JournalEntry> Unfinished)
{
    /// <summary>Of these hosts learn how long they take to boot: enough for thousands of them.</summary>
    private const int MostBoots = 20_000;

    /// <summary>Of entries that the clock has yet to come to, the latest are wanted.</summary>
    private const int MostToCome = 100;

    /// <summary>What happened to one host since it was told to go off.</summary>
    private const int MostOfOneHost = 1000;

    /// <summary>Nothing is left of it to be seen to.</summary>
    public static readonly LastRun SeenTo = new(null, []);

    /// <summary>Takes all else that it left over into those that go on with it.</summary>
    public static async Task<LastRun> TakeOverAsync(
        IStateStore store, DateTimeOffset now, PolicySet policies, TimeZoneInfo zone, Executor executor, OperatorHolds holds, Recommending recommending, SiteView view, BootTimes boots, DueSchedules schedules, DecisionCount decided, CancellationToken ct)
    {
        var left = new LastRun(await store.LoadHoldsAsync(ct), await store.UnfinishedAsync(ct));
        executor.Orders.Restore(await store.LoadOrdersAsync(ct));
        await holds.RestoreAsync(ct);
        await recommending.DropEarlierAsync(ct);
        executor.Lives.Restore(await store.LoadLivesAsync(ct));
        var allBegun = await store.BegunSinceAsync(now - ActionHistory.Kept, ct);
        foreach (var begun in allBegun)
            if (begun.ToAction() is { } action) executor.History.Add(action);
        foreach (var host in await MayGoOffAsync(store, allBegun, executor.History, now - view.OrdersComeLateFor, ct)) view.MayGoOff(host, "an earlier run told it to");
        foreach (var ended in await store.EndedOnVmsSinceAsync(now - Executor.FailuresRemembered, ct))
            if (ended.ToMigrationEnd() is { } end) executor.Remember(end);
        executor.ClockWasSetBack(now);
        foreach (var boot in await store.BootsAsync(MostBoots, ct)) boots.Learn(boot);
        if (await store.ReadAsync(0, 1, ct) is [var newest] && await store.FindAsync(new JournalQuery(MostToCome) { Since = now }, ct) is { Count: > 0 } toCome)
            decided.GivenUntil(toCome.Max(e => e.At), newest.Sequence);
        view.Remember(await store.LoadSamplesAsync(view.Wishes(now), ct), left.Holds?.At);
        if (left.Holds is { } saved) schedules.AddMissed(policies, saved.At, now, zone);
        return left;
    }

    /// <summary>Also hosts whose power-off ended as failed: whoever switches one may have the order still, and carry it out late. Where it was called off nobody was given any.</summary>
    private static async Task<IReadOnlyList<string>> MayGoOffAsync(IStateStore store, IReadOnlyList<JournalEntry> begun, ActionHistory history, DateTimeOffset since, CancellationToken ct)
    {
        var told = new List<string>();
        var lastOff = begun.Where(b => b.At >= since && Recovery.PowerOffOf(b) is not null).ToLookup(b => Recovery.PowerOffOf(b)!, StringComparer.Ordinal);
        foreach (var host in history.SwitchedOffLastSince(since))
        {
            var off = lastOff[host].Last();
            var after = await store.FindAsync(new JournalQuery(MostOfOneHost) { Subject = off.Subject, Since = off.At }, ct);
            if (!after.Any(e => e.WasCalledOff && e.Step == off.Step)) told.Add(host);
        }

        return told;
    }
}
