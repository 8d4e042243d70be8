using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>What people ask of a running loop: orders, approvals, holds, and their word on hosts that failed. Used from the engine's thread only.</summary>
public sealed class OperatorDesk
{
    private readonly ManualWork _manual;
    private readonly Recommending _recommending;
    private readonly OperatorHolds _holds;
    private readonly FailedHosts _failed;
    private readonly Executor _executor;
    private readonly DecisionTurn _turn;
    private readonly Func<CancellationToken> _running;

    internal OperatorDesk(ManualWork manual, Recommending recommending, OperatorHolds holds, FailedHosts failed, Executor executor, DecisionTurn turn, Func<CancellationToken> running) =>
        (_manual, _recommending, _holds, _failed, _executor, _turn, _running) = (manual, recommending, holds, failed, executor, turn, running);

    /// <summary>What was ordered by hand lately, the oldest first.</summary>
    public IReadOnlyList<OrderedWork> OrderedByHand => _manual.Work;

    /// <summary>Plans that wait for approval, the oldest first.</summary>
    public IReadOnlyList<PendingPlan> PendingPlans => _recommending.Pending;

    /// <inheritdoc cref="ManualWork.OrderAsync"/>
    public Task<OrderAnswer> OrderAsync(ManualOrder order, string by, string? because, bool dryRun = false) => KeptAsync(() => _manual.OrderAsync(order, by, because, dryRun, _running()));

    /// <inheritdoc cref="Recommending.ApproveAsync"/>
    public Task<string?> ApproveAsync(string plan, string by) => KeptAsync(() => _recommending.ApproveAsync(plan, by, _running()));

    /// <inheritdoc cref="Recommending.WhyNotApproved"/>
    public string? WhyNotApproved(string plan) => _recommending.WhyNotApproved(plan);

    /// <inheritdoc cref="Recommending.WhyNotRejected"/>
    public string? WhyNotRejected(string plan) => _recommending.WhyNotRejected(plan);

    /// <inheritdoc cref="Recommending.RejectAsync"/>
    public Task<string?> RejectAsync(string plan, string by, string? reason = null) => KeptAsync(() => _recommending.RejectAsync(plan, by, reason, _running()));

    /// <summary>Leaves a host or VM as it is until the hold's end, or until it is ended.</summary>
    /// <exception cref="StoreUnavailableException">It can't be kept, and does not hold.</exception>
    public Task HoldAsync(OperatorHold hold) => KeptAsync(() => _turn.TakeAsync(() => KeepAsync(_holds.SetAsync(hold, _running())), _running()));

    /// <exception cref="StoreUnavailableException">It can't be kept, and the hold goes on.</exception>
    public Task EndHoldAsync(OperatorHold hold, string by, string? because) => KeptAsync(() => _turn.TakeAsync(() => KeepAsync(_holds.EndAsync(hold, by, because, _running())), _running()));

    /// <inheritdoc cref="FailedHosts.WhyNotCleared"/>
    public string? WhyNotCleared(string host) => _failed.WhyNotCleared(host);

    /// <inheritdoc cref="FailedHosts.PhaseOnceCleared"/>
    public HostPhase PhaseOnceCleared(string host) => _failed.PhaseOnceCleared(host);

    /// <summary>A person says that a host that failed to wake may be counted on again. One that is on is looked over first, as after a wake.</summary>
    /// <param name="by">Who says so, for the journal.</param>
    /// <returns>Why not; null: done.</returns>
    /// <exception cref="RecorderUnavailableException">It can't be kept.</exception>
    /// <exception cref="StoreUnavailableException">The journal can't take it.</exception>
    public Task<string?> ClearAsync(string host, string by) => KeptAsync(() => _turn.TakeAsync(() => _failed.ClearAsync(host, by), _running()));

    private static async Task<bool> KeepAsync(Task kept)
    {
        await kept;
        return true;
    }

    /// <summary>Whoever is told that the store fails finds `status` to say so too: nothing is done until it takes an entry again.</summary>
    private async Task<T> KeptAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is StoreUnavailableException and not LeaseLostException or RecorderUnavailableException)
        {
            _executor.Halt(LoopMemory.WhyHalted(e));
            throw;
        }
    }
}
