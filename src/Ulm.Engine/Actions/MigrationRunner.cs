using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>Carries out one migration: slot, check, record, migrate, ask both hosts where the VM is.</summary>
internal sealed class MigrationRunner(
    IHypervisor hypervisor, TimeProvider time, ExecutorOptions options, PlacementLimits limits, Func<SiteFacts> current, HostOrders orders, HeldVms held, ActiveSteps active)
{
    private readonly MigrationSlots _slots = new(options.Migrations((null, null)));
    private readonly WhereaboutsQuestion _whereabouts = new(hypervisor, time, host => current().Observed.FindHost(host.Name) is { State: HostState.Off });

    /// <summary>How many at a time from now on.</summary>
    public void Limit((int? PerHost, int? InTotal) said) => _slots.Limit(options.Migrations(said));

    /// <inheritdoc cref="MigrationSlots.Hasten"/>
    public void Hasten(string from) => _slots.Hasten(from);

    /// <inheritdoc cref="MigrationSlots.Withdraw"/>
    public void Withdraw(string orderOf) => _slots.Withdraw(orderOf);

    /// <param name="place">Where it stands among all that was planned.</param>
    public async Task<StepEnd> RunAsync(PlanStep step, PlannedAction.Migrate move, long place, Func<ConstraintSet> constraints, Func<string, Task> beginAsync, CancellationToken ct)
    {
        if (PreChecks.AgainstRelease(move, orders) is { } released) return Refused(released);
        var claim = new MigrationClaim(move.From, move.To, ClusterOf(move.From), place) { ByOrderOf = move.ByOrderOf };
        using var slot = await _slots.TakeAsync(claim, UrgencyOf(step, move.From), ct);
        if (slot is null || PreChecks.AgainstRelease(move, orders) is not null) return Refused(PreChecks.Released(move.ByOrderOf!, orders));
        var facts = current();
        if (PreChecks.ForMigration(move, facts, active.MovesBegun, constraints(), limits) is { } obstacle) return Refused(obstacle);

        var (vm, from, to) = (facts.Site.Vm(move.Vm), facts.Site.Host(move.From), facts.Site.Host(move.To));
        var manner = options.Manners.For(slot.Urgency);
        await beginAsync($"{move}{MigrationManner.Adverb(manner.Name)}");
        active.Describe(step, $"migrating to {to.Name}");
        var begun = time.GetTimestamp();
        var call = new MigrationCall(hypervisor, time, manner, doing => active.Describe(step, doing));
        var failure = await call.RunAsync(vm, from, to, ct);

        // What the call said is not believed: the hosts are asked.
        active.Describe(step, "verifying");
        var where = await _whereabouts.AskAsync(vm, from, to, failure is not { ReachedTarget: false }, manner.TimeLimit, ct);
        var took = Show.Duration(time.GetElapsedTime(begun));
        var how = $" after {took}{(call.WasPostCopy ? ", by post-copy" : "")}{(failure is null ? "" : $" (though: {failure})")}";
        var end = where switch
        {
            Whereabouts.AtTarget => new StepEnd(ActionPhase.Succeeded, $"{move}: runs on {to.Name}{how}", null),
            Whereabouts.PausedAtTarget => new StepEnd(ActionPhase.Succeeded, $"{move}: is on {to.Name}, where it is paused,{how}", null),
            Whereabouts.AtSource => new StepEnd(ActionPhase.Failed, $"{move}: {failure?.Text ?? "the call succeeded"}; it still runs on {from.Name}", null) { OfTarget = failure?.OfTarget is not null },
            Whereabouts.Both => new StepEnd(ActionPhase.InDoubt, $"{move}: both hosts say they run it; stop one of them by hand. {failure}", null),
            Whereabouts.Neither => new StepEnd(ActionPhase.InDoubt, $"{move}: neither host runs it; it stopped, or its migration was lost. {failure}", null),
            Whereabouts.PostCopyBroken => new StepEnd(ActionPhase.InDoubt, $"{move}: {PostCopyBroken(from, to)} {failure}", null),
            Whereabouts.StillMoving => new StepEnd(ActionPhase.InDoubt, $"{move}: libvirt is still moving it, or has left a copy on {to.Name} that does not run. {failure}", null),
            _ => new StepEnd(ActionPhase.InDoubt, $"{move}: {from.Name} or {to.Name} does not answer, so where it runs is unknown. {failure}", null),
        };
        return end with { Doubt = DoubtOf(where, move, vm, from, to, claim, manner) };

        StepEnd Refused(Obstacle because) => new(ActionPhase.Refused, $"{move}: {because.Reason}", because.Code);
    }

    /// <summary>Its slot is taken before that of the step is given back.</summary>
    private MigrationDoubt? DoubtOf(Whereabouts where, PlannedAction.Migrate move, Vm vm, Host from, Host to, MigrationClaim claim, MigrationManner manner) =>
        where is Whereabouts.StillMoving or Whereabouts.Unknown ? new MigrationDoubt(move, vm, from, to, _slots.Occupy(claim, Urgency.Rule), manner.TimeLimit) : null;

    /// <summary>Asks again and again until it is settled, or given up.</summary>
    public async Task<StepEnd> SettleAsync(MigrationDoubt doubt, CancellationToken ct)
    {
        for (var begun = time.GetTimestamp(); ;)
        {
            await time.WaitAsync(options.LookAgain < doubt.Most ? options.LookAgain : doubt.Most, ct);
            if (doubt.Judge(await _whereabouts.AskOnceAsync(doubt.Vm, doubt.From, doubt.To), time.GetElapsedTime(begun)) is { } settled) return settled;
            if (!await MayBeCopyingAsync(doubt, ct)) doubt.Slot.Dispose();
        }
    }

    /// <summary>False: nothing is copied any more, whatever has become of the VM. Where a target died the source knows it, and others need not wait for that one to answer.</summary>
    private async Task<bool> MayBeCopyingAsync(MigrationDoubt doubt, CancellationToken ct)
    {
        try
        {
            return await hypervisor.IsMovingOffAsync(doubt.Vm, doubt.From, ct);
        }
        catch (ActionFailedException)
        {
            return true;
        }
    }

    public static string PostCopyBroken(Host from, Host to) =>
        $"it broke in post-copy: {from.Name} and {to.Name} each have a part of its memory. Stop neither; once they reach one another again, resume it on {from.Name} (virsh migrate --postcopy --postcopy-resume).";

    /// <summary>What waited for other steps when its host was closed is in no queue that could be hastened.</summary>
    private Urgency UrgencyOf(PlanStep step, string from) => current().Orders.GetValueOrDefault(from) is { IsClosed: true } ? Urgency.Drain : step.Urgency;

    /// <summary>A host that is gone by now has none: its step is refused when its turn comes.</summary>
    private string ClusterOf(string host) => current().Site.FindHost(host)?.Cluster ?? "";

    /// <summary>Leaves a VM alone that failed; to be told of a migration once nothing more is tried.</summary>
    public void Remember(PlannedAction.Migrate move, StepEnd end)
    {
        if (end.Phase != ActionPhase.Refused) held.Remember(new ActionEnd(time.GetUtcNow(), move.Vm, end.Phase, end.Text));
    }

    /// <summary>True: libvirt goes on with this migration, which a server began that is no more; or may, as a host does not answer.</summary>
    public async Task<bool> MayBeUnderWayAsync(Vm vm, Host from, Host to) => await _whereabouts.AskOnceAsync(vm, from, to) is Whereabouts.StillMoving or Whereabouts.Unknown;

    /// <summary>Waits for a migration that an earlier run began; one that takes longer than any may is aborted.</summary>
    public async Task<StepEnd> SeeThroughAsync(PlanStep step, PlannedAction.Migrate move, Vm vm, Host from, Host to, CancellationToken ct)
    {
        var manner = options.Manners.For(step.Urgency);
        var claim = new MigrationClaim(move.From, move.To, from.Cluster, Place: 0);
        using var slot = _slots.Occupy(claim, step.Urgency);
        active.Describe(step, $"migrating to {to.Name}, as the last run began");
        var where = await _whereabouts.AskAsync(vm, from, to, reached: true, manner.TimeLimit, ct);
        var aborted = "";
        if (where == Whereabouts.StillMoving && !ct.IsCancellationRequested)
        {
            try
            {
                await hypervisor.AbortMigrationAsync(vm, from, ct);
                aborted = $", aborted after {Show.Duration(manner.TimeLimit)}";
            }
            catch (ActionFailedException e)
            {
                aborted = $", not to be aborted ({e.Message})";
            }
            catch (OperationCanceledException)
            {
                // The server is shutting down; the next goes on with it.
            }

            where = await _whereabouts.AskAsync(vm, from, to, reached: true, manner.TimeLimit, ct);
        }

        var begun = $"{move}: begun by the last run and seen through{aborted}";
        var end = where switch
        {
            Whereabouts.PausedAtTarget => new StepEnd(ActionPhase.Succeeded, $"{begun}: is on {to.Name}, where it is paused", null),
            Whereabouts.AtTarget => new StepEnd(ActionPhase.Succeeded, $"{begun}: runs on {to.Name}", null),
            Whereabouts.AtSource => new StepEnd(ActionPhase.Failed, $"{begun}: it still runs on {from.Name}", null),
            Whereabouts.PostCopyBroken => new StepEnd(ActionPhase.InDoubt, $"{begun}: {PostCopyBroken(from, to)}", null),
            _ => new StepEnd(ActionPhase.InDoubt, $"{begun}: where it runs is not settled", null),
        };
        return end with { Doubt = DoubtOf(where, move, vm, from, to, claim, manner) };
    }
}
