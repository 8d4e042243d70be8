using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>Migrations that nobody's call waits for: those in doubt, and those that an earlier run began. They count as under way until it is settled how they ended.</summary>
/// <param name="track">Told of the work that goes on.</param>
/// <param name="ended">Told of a step that an earlier run began and that has ended now.</param>
/// <param name="settled">Told of a doubt that is none any more.</param>
internal sealed class MigrationDoubts(
    StepJournal journal, MigrationRunner migrations, ActiveSteps active, Action<Task> track, Action<PlanStep, ActionEvent> ended, Action<ActionEvent> settled)
{
    /// <summary>Takes over a migration that an earlier run began, if libvirt goes on with it: it counts for every limit, and its end is recorded.</summary>
    /// <returns>False: nobody goes on with it.</returns>
    public async Task<bool> AdoptAsync(PlanStep step, Site site, CancellationToken ct)
    {
        if (step.Action is not PlannedAction.Migrate move || site.FindHost(move.From) is not { } from || site.FindHost(move.To) is not { } to) return false;
        // Where its source has not answered since this server started, nobody has seen it: its name has to do.
        var vm = site.FindVm(move.Vm) ?? new Vm { Name = move.Vm, Host = move.From, Vcpus = 1, CpuMips = from.CpuMips, MemoryBytes = 0 };
        if (!await migrations.MayBeUnderWayAsync(vm, from, to)) return false;
        active.Add(step);
        active.Begin(step);
        track(SeeThroughAsync());
        return true;

        async Task SeeThroughAsync()
        {
            await Task.Yield();
            var end = await migrations.SeeThroughAsync(step, move, vm, from, to, ct);
            migrations.Remember(move, end);
            ended(step, await RecordEndAsync(step, end, ct));
        }
    }

    /// <summary>How a step ended; a migration in doubt is asked for from then on, until it is settled.</summary>
    public async Task<ActionEvent> RecordEndAsync(PlanStep step, StepEnd end, CancellationToken ct)
    {
        var recorded = await journal.RecordEndAsync(step, end);
        if (end.Doubt is { } doubt)
        {
            active.Doubt(step);
            track(SettleAsync(step, doubt, ct));
        }

        return recorded;
    }

    private async Task SettleAsync(PlanStep step, MigrationDoubt doubt, CancellationToken ct)
    {
        using var slot = doubt.Slot;
        try
        {
            var end = await migrations.SettleAsync(doubt, ct);
            migrations.Remember(doubt.Move, end);
            var recorded = await journal.RecordEndAsync(step, end);
            active.Settle(step);
            settled(recorded);
        }
        catch (OperationCanceledException)
        {
            // The next run goes on with it.
        }
    }
}
