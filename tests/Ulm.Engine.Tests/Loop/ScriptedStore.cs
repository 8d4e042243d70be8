using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A store that takes its time, and refuses the appends it is told to.</summary>
internal sealed class ScriptedStore(VirtualTime time) : IStateStore
{
    private readonly MemoryStore _kept = new();
    private readonly List<Measurement> _samples = [];
    private int _appends;
    private int _writer;

    public IReadOnlyList<JournalEntry> Journal => _kept.Journal;

    public Fence? Fence { get => _kept.Fence; set => _kept.Fence = value; }

    public Lease? Lease => _kept.Lease;

    public Task<Lease> LeaseAsync(LeaseWish wish, CancellationToken ct) =>
        RefusesOrders ? throw new StoreUnavailableException("the disk is full", new IOException()) : _kept.LeaseAsync(wish, ct);

    /// <summary>How long an append takes to be durable.</summary>
    public TimeSpan AppendTakes { get; set; }

    /// <summary>True: this append, counted from 1, is refused.</summary>
    public Func<int, IReadOnlyList<JournalEntry>, bool> Refuses { get; set; } = (_, _) => false;

    /// <summary>Appends refused so far.</summary>
    public int Refused { get; private set; }

    public bool HasRefused => Refused > 0;

    /// <summary>The last append was refused, and none was taken since.</summary>
    public bool IsRefusing { get; private set; }

    public Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        if (Refuses(++_appends, entries))
        {
            Refused++;
            IsRefusing = true;
            throw new StoreUnavailableException("the disk is full", new IOException());
        }

        IsRefusing = false;
        if (AppendTakes <= TimeSpan.Zero) return _kept.AppendAsync(entries, ct);
        var durable = new TaskCompletionSource<IReadOnlyList<JournalEntry>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var writer = _writer;
        time.CreateTimer(_ => { if (writer == _writer) durable.TrySetResult(_kept.AppendAsync(entries, ct).Result); }, null, AppendTakes, Timeout.InfiniteTimeSpan);
        return durable.Task;
    }

    /// <summary>The server that writes is killed: what it has not made durable by now is lost with it.</summary>
    public void WriterDies() => _writer++;

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int newest, CancellationToken ct) => _kept.ReadAsync(after, newest, ct);

    public Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct) => _kept.FindAsync(query, ct);

    public Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct) => _kept.SaveTickAsync(tick, policies, ct);

    public Task<(TickRecord Tick, ImmutableArray<SourceText> Policies)?> LoadTickAsync(DateTimeOffset at, CancellationToken ct) => _kept.LoadTickAsync(at, ct);

    public Task<IReadOnlyList<JournalEntry>> UnfinishedAsync(CancellationToken ct) => _kept.UnfinishedAsync(ct);

    public Task<IReadOnlyList<JournalEntry>> BegunSinceAsync(DateTimeOffset since, CancellationToken ct) => _kept.BegunSinceAsync(since, ct);

    public Task<IReadOnlyList<JournalEntry>> EndedOnVmsSinceAsync(DateTimeOffset since, CancellationToken ct) => _kept.EndedOnVmsSinceAsync(since, ct);

    public Task<IReadOnlyList<Boot>> BootsAsync(int newest, CancellationToken ct) => _kept.BootsAsync(newest, ct);

    public bool RefusesOrders { get; set; }

    public Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct) =>
        RefusesOrders ? throw new StoreUnavailableException("the disk is full", new IOException()) : _kept.SaveOrdersAsync(orders, ct);

    public Task<ImmutableArray<HostOrder>> LoadOrdersAsync(CancellationToken ct) => _kept.LoadOrdersAsync(ct);

    public Task<JournalEntry> SaveOperatorHoldsAsync(ImmutableArray<OperatorHold> holds, JournalEntry told, CancellationToken ct) =>
        RefusesOrders ? throw new StoreUnavailableException("the disk is full", new IOException()) : _kept.SaveOperatorHoldsAsync(holds, told, ct);

    public Task<ImmutableArray<OperatorHold>> LoadOperatorHoldsAsync(CancellationToken ct) => _kept.LoadOperatorHoldsAsync(ct);

    public Task SavePendingPlansAsync(ImmutableArray<string> plans, CancellationToken ct) => _kept.SavePendingPlansAsync(plans, ct);

    public Task<ImmutableArray<string>> LoadPendingPlansAsync(CancellationToken ct) => _kept.LoadPendingPlansAsync(ct);

    /// <summary>True: these lives of hosts are refused.</summary>
    public Func<ImmutableArray<HostLife>, bool> RefusesLives { get; set; } = _ => false;

    public Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct) =>
        RefusesLives(lives) ? throw new StoreUnavailableException("the disk is full", new IOException()) : _kept.SaveLivesAsync(lives, ct);

    public Task<ImmutableArray<HostLife>> LoadLivesAsync(CancellationToken ct) => _kept.LoadLivesAsync(ct);

    public Task SaveHoldsAsync(SavedHolds holds, CancellationToken ct) => _kept.SaveHoldsAsync(holds, ct);

    public Task<SavedHolds?> LoadHoldsAsync(CancellationToken ct) => _kept.LoadHoldsAsync(ct);

    public Task SaveSamplesAsync(IReadOnlyList<Measurement> samples, CancellationToken ct)
    {
        // As long as any test's policies look back.
        _samples.RemoveAll(s => s.At < time.GetUtcNow() - TimeSpan.FromHours(1));
        _samples.AddRange(samples);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Measurement>> LoadSamplesAsync(IReadOnlyList<SampleWish> wishes, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Measurement>>([.. _samples.Where(s => wishes.Any(w => w.Attribute == s.Attribute && s.At > w.MeansSince)).OrderBy(s => s.At)]);
}
