using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>What people want left as it is. Journaled and durable before it counts as set or ended; over at its time by itself. Used from the engine's thread only.</summary>
internal sealed class OperatorHolds(IStateStore store, JournalWriter journal, TimeProvider time)
{
    private ImmutableDictionary<SubjectRef, OperatorHold> _kept = ImmutableDictionary<SubjectRef, OperatorHold>.Empty;

    /// <summary>Those that hold at this instant.</summary>
    public ImmutableDictionary<SubjectRef, OperatorHold> At(DateTimeOffset at) =>
        _kept.IsEmpty || _kept.Values.All(h => at < h.Until) ? _kept : _kept.RemoveRange(_kept.Where(h => at >= h.Value.Until).Select(h => h.Key));

    public async Task RestoreAsync(CancellationToken ct) => _kept = (await store.LoadOperatorHoldsAsync(ct)).ToImmutableDictionary(h => h.Subject);

    /// <summary>Takes the place of one that is there.</summary>
    /// <exception cref="StoreUnavailableException">It can't be kept.</exception>
    public Task SetAsync(OperatorHold hold, CancellationToken ct) =>
        ChangeAsync(_kept.SetItem(hold.Subject, hold), Entry(hold, hold.Since, $"hold {hold.Subject} until {Show.Time(hold.Until)} ordered by {hold.By}: {hold.Because}", "held", hold.By), ct);

    /// <inheritdoc cref="SetAsync"/>
    public Task EndAsync(OperatorHold hold, string by, string? because, CancellationToken ct) =>
        ChangeAsync(_kept.Remove(hold.Subject), Entry(hold, time.GetUtcNow(), $"hold on {hold.Subject} by {hold.By} ended by {by}{(because is null ? "" : $": {because}")}", "ended", by), ct);

    /// <summary>Tells of those whose time is over and forgets them.</summary>
    public async Task ForgetOverAsync(DateTimeOffset at, CancellationToken ct)
    {
        foreach (var over in _kept.Values.Where(h => at >= h.Until).OrderBy(h => h.Until).ToList())
            await ChangeAsync(_kept.Remove(over.Subject), Entry(over, at, $"hold on {over.Subject} by {over.By} ended at its time, {Show.Time(over.Until)}", "ended", null), ct);
    }

    private async Task ChangeAsync(ImmutableDictionary<SubjectRef, OperatorHold> to, JournalEntry entry, CancellationToken ct)
    {
        await journal.WriteAsync(entry, [.. to.Values.OrderBy(h => h.Subject.ToString(), StringComparer.Ordinal)], ct);
        _kept = to;
    }

    private static JournalEntry Entry(OperatorHold hold, DateTimeOffset at, string text, string outcome, string? by) =>
        new(at, JournalKind.Decision, text) { Subject = hold.Subject.ToString(), Outcome = outcome, By = by };
}
