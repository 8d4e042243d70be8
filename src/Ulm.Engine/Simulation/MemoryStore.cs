using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Simulation;

/// <summary>A store that forgets at the end of the process: for simulations, where nothing needs to outlive the run.</summary>
public sealed class MemoryStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly List<JournalEntry> _journal = [];
    private readonly Dictionary<DateTimeOffset, (byte[] Tick, ImmutableArray<SourceText> Policies)> _ticks = [];
    private SavedHolds? _holds;
    private ImmutableArray<HostOrder> _orders = [];
    private ImmutableArray<OperatorHold> _operatorHolds = [];
    private ImmutableArray<string> _pending = [];
    private ImmutableArray<HostLife> _lives = [];

    public IReadOnlyList<JournalEntry> Journal => _journal;

    public Fence? Fence { get; set; }

    /// <summary>As it was last; null: nobody ever asked for it.</summary>
    public Lease? Lease { get; private set; }

    public Task<Lease> LeaseAsync(LeaseWish wish, CancellationToken ct)
    {
        lock (_lock) return Task.FromResult(Lease = Lease.After(Lease, wish));
    }

    private void Guard() => Lease.Guard(Lease, Fence);

    public Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        List<JournalEntry> kept;
        lock (_lock)
        {
            Guard();
            kept = [.. entries.Select((e, i) => e with { Sequence = _journal.Count + i + 1 })];
            _journal.AddRange(kept);
        }

        return Task.FromResult<IReadOnlyList<JournalEntry>>(kept);
    }

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int newest, CancellationToken ct)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Where(e => e.Sequence > after).TakeLast(newest)]);
    }

    public Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct)
    {
        lock (_lock)
        {
            var asked = _journal.Where(query.Asks);
            return Task.FromResult<IReadOnlyList<JournalEntry>>([.. query.After is null ? asked.TakeLast(query.Limit) : asked.Take(query.Limit)]);
        }
    }

    public Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct)
    {
        _ticks[tick.Facts.At] = (tick.Pack(), policies.Sources);
        return Task.CompletedTask;
    }

    public Task<(TickRecord Tick, ImmutableArray<SourceText> Policies)?> LoadTickAsync(DateTimeOffset at, CancellationToken ct) =>
        Task.FromResult<(TickRecord, ImmutableArray<SourceText>)?>(_ticks.TryGetValue(at, out var kept) ? (TickRecord.Unpack(kept.Tick), kept.Policies) : null);

    public Task<IReadOnlyList<JournalEntry>> UnfinishedAsync(CancellationToken ct)
    {
        var ended = _journal.Where(e => e.Kind is JournalKind.Ended or JournalKind.Refusal && e.Step is not null && e.Outcome != "in doubt").Select(e => e.Step).ToHashSet();
        return Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Where(e => e.Kind == JournalKind.Begun && !ended.Contains(e.Step))]);
    }

    public Task<IReadOnlyList<JournalEntry>> BegunSinceAsync(DateTimeOffset since, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Where(e => e.Kind == JournalKind.Begun && e.At >= since)]);

    public Task<IReadOnlyList<JournalEntry>> EndedOnVmsSinceAsync(DateTimeOffset since, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Where(e => e.Kind == JournalKind.Ended && e.At >= since && e.Subject?.StartsWith("vm/", StringComparison.Ordinal) == true)]);

    public Task<IReadOnlyList<Boot>> BootsAsync(int newest, CancellationToken ct)
    {
        var begun = _journal.Where(e => e.ToAction() is { Kind: BegunKind.PowerOn }).ToLookup(e => e.Step);
        return Task.FromResult<IReadOnlyList<Boot>>([.. (
            from end in _journal
            where end is { Kind: JournalKind.Ended, Outcome: "succeeded" }
            from start in begun[end.Step]
            select new Boot(start.ToAction()!.Subject, end.At - start.At)).TakeLast(newest)]);
    }

    public async Task<JournalEntry> SaveOperatorHoldsAsync(ImmutableArray<OperatorHold> holds, JournalEntry told, CancellationToken ct)
    {
        var kept = await AppendAsync([told], ct);
        _operatorHolds = holds;
        return kept[0];
    }

    public Task<ImmutableArray<OperatorHold>> LoadOperatorHoldsAsync(CancellationToken ct) => Task.FromResult(_operatorHolds);

    public Task SavePendingPlansAsync(ImmutableArray<string> plans, CancellationToken ct)
    {
        Guard();
        _pending = plans;
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<string>> LoadPendingPlansAsync(CancellationToken ct) => Task.FromResult(_pending);

    public Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct)
    {
        Guard();
        _orders = orders;
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<HostOrder>> LoadOrdersAsync(CancellationToken ct) => Task.FromResult(_orders);

    public Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct)
    {
        Guard();
        _lives = lives;
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<HostLife>> LoadLivesAsync(CancellationToken ct) => Task.FromResult(_lives);

    public Task SaveHoldsAsync(SavedHolds holds, CancellationToken ct)
    {
        Guard();
        _holds = holds;
        return Task.CompletedTask;
    }

    public Task<SavedHolds?> LoadHoldsAsync(CancellationToken ct) => Task.FromResult(_holds);

    public Task SaveSamplesAsync(IReadOnlyList<Measurement> samples, CancellationToken ct) => Task.CompletedTask;

    public Task<IReadOnlyList<Measurement>> LoadSamplesAsync(IReadOnlyList<SampleWish> wishes, CancellationToken ct) => Task.FromResult<IReadOnlyList<Measurement>>([]);
}
