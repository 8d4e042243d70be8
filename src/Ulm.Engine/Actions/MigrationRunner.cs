using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>Carries out one migration: slot, check, record, migrate, ask both hosts where the VM is.</summary>
internal sealed class MigrationRunner(
    IHypervisor hypervisor, TimeProvider time, ExecutorOptions options, PlacementLimits limits, Func<SiteFacts> current, HeldVms held, ActiveSteps active)
{
    private readonly MigrationSlots _slots = new(options.Migrations((null, null)).PerHost, options.Migrations((null, null)).InTotal);
    private readonly WhereaboutsQuestion _whereabouts = new(hypervisor, time, options.MigrationTimeout);

    /// <summary>How many at a time from now on.</summary>
    public void Limit((int? PerHost, int? InTotal) said) => _slots.Limit(options.Migrations(said).PerHost, options.Migrations(said).InTotal);

    public async Task<StepEnd> RunAsync(PlanStep step, PlannedAction.Migrate move, Func<ConstraintSet> constraints, Func<Task> beginAsync, CancellationToken ct)
    {
        using var slot = await _slots.TakeAsync(move.From, move.To, ct);
        var facts = current();
        if (PreChecks.ForMigration(move, facts, active.MovesBegun, constraints(), limits) is { } obstacle)
            return new StepEnd(ActionPhase.Refused, $"{move}: {obstacle.Reason}", obstacle.Code);

        var (vm, from, to) = (facts.Site.Vm(move.Vm), facts.Site.Host(move.From), facts.Site.Host(move.To));
        await beginAsync();
        active.Describe(step, $"migrating to {to.Name}");
        var begun = time.GetTimestamp();
        string? failure = null;
        try
        {
            using var limit = new CancellationTokenSource(options.MigrationTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
            var progress = new Progress(p => active.Describe(step, $"migrating to {to.Name}, {p.Percent:0}% copied"));
            try
            {
                await hypervisor.MigrateAsync(vm, from, to, progress, either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                failure = $"aborted after {Show.Duration(options.MigrationTimeout)}";
            }
        }
        catch (ActionFailedException e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException)
        {
            failure = "aborted: the server is shutting down";
        }

        // What the call said is not believed: the hosts are asked.
        active.Describe(step, "verifying");
        var where = await _whereabouts.AskAsync(vm, from, to, ct);
        var took = Show.Duration(time.GetElapsedTime(begun));
        var end = where switch
        {
            Whereabouts.AtTarget => new StepEnd(ActionPhase.Succeeded, $"{move}: runs on {to.Name} after {took}{(failure is null ? "" : $" (though: {failure})")}", null),
            Whereabouts.AtSource => new StepEnd(ActionPhase.Failed, $"{move}: {failure ?? "the call succeeded"}; it still runs on {from.Name}", null),
            Whereabouts.Both => new StepEnd(ActionPhase.InDoubt, $"{move}: both hosts say they run it; stop one of them by hand. {failure}", null),
            Whereabouts.Neither => new StepEnd(ActionPhase.InDoubt, $"{move}: neither host runs it; it stopped, or its migration was lost. {failure}", null),
            Whereabouts.StillMoving => new StepEnd(ActionPhase.InDoubt, $"{move}: libvirt is still moving it. {failure}", null),
            _ => new StepEnd(ActionPhase.InDoubt, $"{move}: {from.Name} or {to.Name} does not answer, so where it runs is unknown. {failure}", null),
        };
        if (end.Phase == ActionPhase.Succeeded) held.Succeeded(vm.Name);
        else if (end.Phase == ActionPhase.InDoubt) held.InDoubt(vm.Name, time.GetUtcNow(), end.Text);
        else held.Failed(vm.Name, time.GetUtcNow(), end.Text);
        return end;
    }

    /// <summary>Reports on the caller's thread; <see cref="Progress{T}"/> would post each figure to a context.</summary>
    private sealed class Progress(Action<MigrationProgress> report) : IProgress<MigrationProgress>
    {
        private readonly SynchronizationContext? _engine = SynchronizationContext.Current;

        public void Report(MigrationProgress value)
        {
            if (_engine is null) report(value);
            else _engine.Post(_ => report(value), null);
        }
    }
}
