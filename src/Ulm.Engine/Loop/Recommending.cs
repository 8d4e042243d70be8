using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>What <c>mode recommend</c> comes to: plans are kept, told, withdrawn when they can't be carried out any more, approved and rejected. Used from the engine's thread only.</summary>
internal sealed class Recommending(Approvals approvals, IStateStore store, Func<SiteFacts> facts, Func<Look> look, Func<string?> whyNot, JournalWriter journal, Executor executor, DecisionTracker tracker, DecisionTurn turn)
{
    private const string Restarted = "is not kept over the restart of the server: its rules recommend anew where they still hold";

    private ImmutableArray<string> _saved = [];

    /// <summary>Plans of an earlier run of which the journal has not been told yet that they are gone: each look tells it until it is written.</summary>
    private ImmutableArray<string> _dropped = [];

    /// <summary>The same of plans of this run that were withdrawn.</summary>
    private readonly List<JournalEntry> _withdrawn = [];

    /// <summary>Recommended by this look, which the journal has not been told of yet.</summary>
    private PendingPlan? _new;

    public IReadOnlyList<PendingPlan> Pending => approvals.Pending;

    /// <summary>A plan is not kept over a restart: what it rests on has not been watched meanwhile. Its rules recommend anew; that it is gone is told with the first look that can be written.</summary>
    public async Task DropEarlierAsync(CancellationToken ct)
    {
        _dropped = _saved = await store.LoadPendingPlansAsync(ct);
        foreach (var plan in _dropped) approvals.Forget(plan, Restarted);
    }

    /// <summary>To be called after the journal was told of them.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        ImmutableArray<string> now = [.. approvals.Pending.Select(p => p.Id)];
        if (now.SequenceEqual(_saved)) return;
        await store.SavePendingPlansAsync(now, ct);
        (_saved, _dropped) = (now, []);
    }

    /// <summary>Withdraws what can't be approved any more, and keeps what this look recommends.</summary>
    /// <returns>What the journal is to be told, and what was withdrawn.</returns>
    public (IReadOnlyList<JournalEntry> Entries, IReadOnlyList<PendingPlan> Withdrawn) Take(LookResult result, SiteFacts facts)
    {
        var withdrawn = approvals.Withdraw(facts, look().Policies);
        _withdrawn.AddRange(withdrawn.Select(w => AboutPlan(w.Plan.Id, w.Because, "withdrawn", facts.At)));
        var entries = _dropped.Select(p => AboutPlan(p, Restarted, "withdrawn", facts.At)).Concat(_withdrawn).ToList();
        _new = Keep(result, facts);
        if (_new is { } recommended) entries.AddRange(recommended.Plan.Steps.Select(s => JournalWriter.Recommended(s, recommended.Id, facts.At)));
        return (entries, [.. withdrawn.Select(w => w.Plan)]);
    }

    /// <summary>The journal has what the last <see cref="Take"/> came to.</summary>
    public void Told()
    {
        _withdrawn.Clear();
        _new = null;
    }

    /// <summary>It has not: what nobody was told of is not there to be approved. Its rules recommend it again.</summary>
    public void NotTold()
    {
        if (_new is { } plan && approvals.Pending.Contains(plan)) approvals.Take(plan.Id, "could not be written to the journal");
        _new = null;
    }

    /// <summary>Why a plan can't be approved now; null: it can.</summary>
    public string? WhyNotApproved(string plan) => whyNot() ?? approvals.WhyNotApproved(plan, facts(), look().Policies);

    /// <summary>Why a plan can't be rejected now; null: it can.</summary>
    public string? WhyNotRejected(string plan) => approvals.WhyNotRejected(plan, facts(), look().Policies);

    /// <summary>Carries out a recommended plan. Written to the journal first; each step is checked again when its turn comes.</summary>
    /// <param name="by">Who says so, for the journal.</param>
    /// <returns>Why not; null: it is being carried out.</returns>
    /// <exception cref="StoreUnavailableException">The journal can't take it: nothing is done.</exception>
    public Task<string?> ApproveAsync(string plan, string by, CancellationToken ct) => turn.TakeAsync(
        async () =>
        {
            if (WhyNotApproved(plan) is { } because) return because;
            var now = facts();
            await journal.WriteAsync([AboutPlan(plan, $"was approved by {by}", "approved", now.At)], ct);
            var taken = approvals.Take(plan, $"was approved by {by} at {now.At:HH:mm:ss}");
            tracker.Approved(taken);
            executor.Submit(taken.Plan, look().Constraints, ct);
            await SaveAsync(ct);
            return null;
        },
        ct);

    /// <summary>Drops a recommended plan. Its rules may recommend again when they fire again.</summary>
    /// <returns>Why not; null: it is dropped.</returns>
    /// <inheritdoc cref="ApproveAsync"/>
    public Task<string?> RejectAsync(string plan, string by, string? reason, CancellationToken ct) => turn.TakeAsync(
        async () =>
        {
            if (WhyNotRejected(plan) is { } because) return because;
            var now = facts();
            await journal.WriteAsync([AboutPlan(plan, $"was rejected by {by}{(reason is null ? "" : $": {reason}")}", "rejected", now.At)], ct);
            approvals.Take(plan, $"was rejected by {by} at {now.At:HH:mm:ss}");
            await SaveAsync(ct);
            return null;
        },
        ct);

    private PendingPlan? Keep(LookResult result, SiteFacts facts)
    {
        var planned = result.Recommended.Steps.Select(s => s.Decision).ToHashSet(StringComparer.Ordinal);
        return approvals.Add(result.Recommended, [.. result.Decisions.Where(d => planned.Contains(d.Id))], facts);
    }

    private static JournalEntry AboutPlan(string plan, string what, string outcome, DateTimeOffset at) =>
        new(at, JournalKind.Decision, $"plan {plan} {what}") { Outcome = outcome };
}
