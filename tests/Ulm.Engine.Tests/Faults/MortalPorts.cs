using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Faults;

/// <summary>
/// What one server touches the world and its store through, and where it may be killed: before and after each entry of the journal is durable, before,
/// during and after each act. From then on it gets no answer and nothing it does comes through, while the world goes on.
/// </summary>
internal sealed class MortalPorts(LoopPorts real) : ISiteObserver, IHypervisor, IHostPower, IStateStore
{
    /// <summary>Points passed so far.</summary>
    public int Points { get; private set; }

    /// <summary>The point, counted from 1, at which it dies; null: at none.</summary>
    public int? DiesAt { get; set; }

    public bool IsDead { get; private set; }

    /// <summary>Where it died: <c>append, before</c>.</summary>
    public string? DiedAt { get; private set; }

    /// <summary>Raised before each call that comes through.</summary>
    public event Action? Calling;

    /// <summary>Raised with the entries that are about to be kept.</summary>
    public event Action<IReadOnlyList<JournalEntry>>? Appending;

    /// <summary>This server's own: another may write to the same store at the same time.</summary>
    public Fence? Fence { get; set; }

    /// <summary>Until it completes the server stands still: it was stopped, or its machine sleeps.</summary>
    public Task Stands { get; set; } = Task.CompletedTask;

    private IStateStore Store
    {
        get
        {
            real.Store.Fence = Fence;
            return real.Store;
        }
    }

    public LoopPorts Ports => real with { Observer = this, Hypervisor = this, Power = this, Store = this };

    public async Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct) => await CallAsync("append", () =>
    {
        Appending?.Invoke(entries);
        return Store.AppendAsync(entries, ct);
    });

    public async Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct)
    {
        using var mine = new CancellationTokenSource();
        // A timer of a server that is dead must not abort anything on its behalf.
        await using var _ = ct.Register(() => { if (!IsDead) mine.Cancel(); });
        await CallAsync("migrate", () => real.Hypervisor.MigrateAsync(vm, from, to, manner, progress, mine.Token));
    }

    public Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct) => CallAsync("ask what runs", () => real.Hypervisor.RunningVmsAsync(host, ct));

    public Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct) => CallAsync("abort", () => real.Hypervisor.AbortMigrationAsync(vm, from, ct));

    public Task<bool> IsMovingOffAsync(Vm vm, Host from, CancellationToken ct) => Alive(() => real.Hypervisor.IsMovingOffAsync(vm, from, ct));

    public Task PowerOffAsync(Host host, CancellationToken ct) => CallAsync("power off", () => real.Power.PowerOffAsync(host, ct));

    public Task CutPowerAsync(Host host, CancellationToken ct) => CallAsync("cut", () => real.Power.CutPowerAsync(host, ct));

    public Task SuspendAsync(Host host, CancellationToken ct) => CallAsync("suspend", () => real.Power.SuspendAsync(host, ct));

    public Task PowerOnAsync(Host host, CancellationToken ct) => CallAsync("power on", () => real.Power.PowerOnAsync(host, ct));

    public Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct) => CallAsync("save orders", () => Store.SaveOrdersAsync(orders, ct));

    public Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct) => Alive(() => real.Observer.ObserveAsync(reads, ct));

    public Task<PowerState> StateAsync(Host host, CancellationToken ct) => Alive(() => real.Power.StateAsync(host, ct));

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int newest, CancellationToken ct) => Alive(() => Store.ReadAsync(after, newest, ct));

    public Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct) => Alive(() => Store.FindAsync(query, ct));

    public Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct) => Alive(async () => { await Store.SaveTickAsync(tick, policies, ct); return true; });

    public Task<(TickRecord Tick, ImmutableArray<SourceText> Policies)?> LoadTickAsync(DateTimeOffset at, CancellationToken ct) => Alive(() => Store.LoadTickAsync(at, ct));

    public Task<IReadOnlyList<JournalEntry>> UnfinishedAsync(CancellationToken ct) => Alive(() => Store.UnfinishedAsync(ct));

    public Task<IReadOnlyList<JournalEntry>> BegunSinceAsync(DateTimeOffset since, CancellationToken ct) => Alive(() => Store.BegunSinceAsync(since, ct));

    public Task<IReadOnlyList<JournalEntry>> EndedOnVmsSinceAsync(DateTimeOffset since, CancellationToken ct) => Alive(() => Store.EndedOnVmsSinceAsync(since, ct));

    public Task<IReadOnlyList<Boot>> BootsAsync(int newest, CancellationToken ct) => Alive(() => Store.BootsAsync(newest, ct));

    public Task<ImmutableArray<HostOrder>> LoadOrdersAsync(CancellationToken ct) => Alive(() => Store.LoadOrdersAsync(ct));

    public Task<JournalEntry> SaveOperatorHoldsAsync(ImmutableArray<OperatorHold> holds, JournalEntry told, CancellationToken ct) => CallAsync("save operator holds", () => Store.SaveOperatorHoldsAsync(holds, told, ct));

    public Task<ImmutableArray<OperatorHold>> LoadOperatorHoldsAsync(CancellationToken ct) => Alive(() => Store.LoadOperatorHoldsAsync(ct));

    public Task SavePendingPlansAsync(ImmutableArray<string> plans, CancellationToken ct) => Alive(async () => { await Store.SavePendingPlansAsync(plans, ct); return true; });

    public Task<ImmutableArray<string>> LoadPendingPlansAsync(CancellationToken ct) => Alive(() => Store.LoadPendingPlansAsync(ct));

    public Task<ImmutableArray<HostLife>> LoadLivesAsync(CancellationToken ct) => Alive(() => Store.LoadLivesAsync(ct));

    public Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct) => CallAsync("save lives", () => Store.SaveLivesAsync(lives, ct));

    public Task SaveHoldsAsync(SavedHolds holds, CancellationToken ct) => Alive(async () => { await Store.SaveHoldsAsync(holds, ct); return true; });

    public Task<SavedHolds?> LoadHoldsAsync(CancellationToken ct) => Alive(() => Store.LoadHoldsAsync(ct));

    public Task SaveSamplesAsync(IReadOnlyList<Measurement> samples, CancellationToken ct) => Alive(async () => { await Store.SaveSamplesAsync(samples, ct); return true; });

    public Task<IReadOnlyList<Measurement>> LoadSamplesAsync(IReadOnlyList<SampleWish> wishes, CancellationToken ct) => Alive(() => Store.LoadSamplesAsync(wishes, ct));

    public Task<Lease> LeaseAsync(LeaseWish wish, CancellationToken ct) => Alive(async () =>
    {
        await Stands;
        return await Store.LeaseAsync(wish, ct);
    });

    private Task CallAsync(string what, Func<Task> call) => CallAsync(what, async () => { await call(); return true; });

    private async Task<T> CallAsync<T>(string what, Func<Task<T>> call)
    {
        await PassAsync($"{what}, before");
        if (what == "append") await Stands;
        Calling?.Invoke();
        var answer = call();
        await PassAsync($"{what}, begun");
        var answered = await answer;
        await PassAsync($"{what}, after");
        return answered;
    }

    private Task<T> Alive<T>(Func<Task<T>> call) => IsDead ? new TaskCompletionSource<T>().Task : call();

    private Task PassAsync(string point)
    {
        if (!IsDead && ++Points == DiesAt) (IsDead, DiedAt) = (true, point);
        return IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;
    }
}
