using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Journal;

/// <summary>What the server remembers over restarts. Implementations are safe to call from any thread.</summary>
public interface IStateStore
{
    /// <summary>
    /// What all writing but that of samples has to be allowed by: in the same transaction it is refused with <see cref="LeaseLostException"/> where the
    /// lease has another number by now. Null: whoever has this store may write.
    /// </summary>
    Fence? Fence { get; set; }

    /// <summary>Asks for a lease, renews it or gives it back.</summary>
    /// <returns>As it is afterwards (<see cref="Lease.After"/>), whoever has it.</returns>
    /// <exception cref="StoreUnavailableException">It can't be asked.</exception>
    Task<Lease> LeaseAsync(LeaseWish wish, CancellationToken ct);

    /// <summary>Returns once the entries are durable, with their sequence numbers.</summary>
    /// <exception cref="StoreUnavailableException">They can't be kept.</exception>
    Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct);

    /// <summary>The newest entries, oldest of them first.</summary>
    /// <param name="after">Only entries with a higher sequence number.</param>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int newest, CancellationToken ct);

    /// <summary>Entries that are asked for, the oldest of them first.</summary>
    Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct);

    /// <summary>Keeps what a look decided on, and the policies that were in force.</summary>
    Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct);

    /// <summary>The look at this instant that decided something, with the texts of the policies; null: none is kept.</summary>
    Task<(TickRecord Tick, ImmutableArray<SourceText> Policies)?> LoadTickAsync(DateTimeOffset at, CancellationToken ct);

    /// <summary>Steps that were begun and of which no end is known, or only one in doubt.</summary>
    Task<IReadOnlyList<JournalEntry>> UnfinishedAsync(CancellationToken ct);

    /// <summary>Steps begun at or after this time, oldest first: what budgets and cooldowns count.</summary>
    Task<IReadOnlyList<JournalEntry>> BegunSinceAsync(DateTimeOffset since, CancellationToken ct);

    /// <summary>Ends of steps on VMs at or after this time, oldest first: what VMs are left alone for.</summary>
    Task<IReadOnlyList<JournalEntry>> EndedOnVmsSinceAsync(DateTimeOffset since, CancellationToken ct);

    /// <summary>The newest boots that were seen through, oldest of them first.</summary>
    Task<IReadOnlyList<Boot>> BootsAsync(int newest, CancellationToken ct);

    /// <summary>Returns once they are durable; they replace those before.</summary>
    /// <exception cref="StoreUnavailableException">They can't be kept.</exception>
    Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct);

    Task<ImmutableArray<HostOrder>> LoadOrdersAsync(CancellationToken ct);

    /// <summary>Returns once the holds, which replace those before, and the journal's entry of what changed are durable: both, or neither.</summary>
    /// <returns>The entry with its sequence number.</returns>
    /// <exception cref="StoreUnavailableException">They can't be kept.</exception>
    Task<JournalEntry> SaveOperatorHoldsAsync(ImmutableArray<OperatorHold> holds, JournalEntry told, CancellationToken ct);

    Task<ImmutableArray<OperatorHold>> LoadOperatorHoldsAsync(CancellationToken ct);

    /// <summary>The names of the plans that wait for approval, so that the next start can say that they are gone.</summary>
    /// <inheritdoc cref="SaveOrdersAsync"/>
    Task SavePendingPlansAsync(ImmutableArray<string> plans, CancellationToken ct);

    Task<ImmutableArray<string>> LoadPendingPlansAsync(CancellationToken ct);

    /// <summary>Returns once they are durable; they replace those before.</summary>
    /// <exception cref="StoreUnavailableException">They can't be kept.</exception>
    Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct);

    Task<ImmutableArray<HostLife>> LoadLivesAsync(CancellationToken ct);

    Task SaveHoldsAsync(SavedHolds holds, CancellationToken ct);

    /// <summary>Null: none were ever saved.</summary>
    Task<SavedHolds?> LoadHoldsAsync(CancellationToken ct);

    Task SaveSamplesAsync(IReadOnlyList<Measurement> samples, CancellationToken ct);

    /// <summary>What was saved of these attributes, as far as it is kept, oldest first; of the time before <see cref="SampleWish.Since"/> the means of five minutes each.</summary>
    Task<IReadOnlyList<Measurement>> LoadSamplesAsync(IReadOnlyList<SampleWish> wishes, CancellationToken ct);
}

/// <summary>Samples that somebody looks back on.</summary>
/// <param name="Since">From here on every sample.</param>
/// <param name="MeansSince">Between here and there the means of five minutes.</param>
public sealed record SampleWish(PolicyAttribute Attribute, DateTimeOffset Since, DateTimeOffset MeansSince);

/// <param name="At">When they were saved: the time from then to the next start counts for nothing.</param>
public sealed record SavedHolds(DateTimeOffset At, ImmutableArray<SavedHold> Holds)
{
    /// <summary>Decisions of which one thing is done after another, and not all is.</summary>
    public ImmutableArray<SavedGoing> GoingOn { get; init; } = [];
}

/// <summary>A decision that is gone on with.</summary>
/// <param name="Fingerprint">Of the rule when it was saved; of one that means something else nothing goes on.</param>
public sealed record SavedGoing(string Decision, string Rule, string Fingerprint, SubjectRef? Subject, DateTimeOffset At, string Reason);

/// <summary>The store can't do what it was asked. The message says which file and what the system answered.</summary>
public class StoreUnavailableException(string message, Exception? inner) : Exception(message, inner);
