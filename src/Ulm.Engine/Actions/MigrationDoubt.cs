using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>
/// A migration that may still be under way: a host is silent, or libvirt goes on though it was told to abort. It keeps its slot until its source says that
/// it copies nothing any more, and its room on the target until both hosts tell where the VM is; both for at most as long again as a migration may take.
/// </summary>
/// <param name="Most">After so long it is told that nothing was settled, and it counts no more: what is owed to other VMs can't wait for ever.</param>
internal sealed record MigrationDoubt(PlannedAction.Migrate Move, Vm Vm, Host From, Host To, MigrationSlots.Slot Slot, TimeSpan Most)
{
    /// <summary>What settles it; null: nothing yet.</summary>
    /// <param name="lasted">How long it has been in doubt.</param>
    public StepEnd? Judge(Whereabouts where, TimeSpan lasted)
    {
        var after = Show.Duration(lasted);
        return where switch
        {
            Whereabouts.AtTarget => new StepEnd(ActionPhase.Succeeded, $"{Move}: runs on {To.Name}, as both hosts say after {after} in doubt", null),
            Whereabouts.PausedAtTarget => new StepEnd(ActionPhase.Succeeded, $"{Move}: is on {To.Name}, where it is paused, as both hosts say after {after} in doubt", null),
            Whereabouts.AtSource => new StepEnd(ActionPhase.Failed, $"{Move}: it still runs on {From.Name}, as both hosts say after {after} in doubt", null),
            Whereabouts.Both => new StepEnd(ActionPhase.InDoubt, $"{Move}: both hosts say after {after} in doubt that they run it; stop one of them by hand.", null),
            Whereabouts.Neither => new StepEnd(ActionPhase.InDoubt, $"{Move}: neither host runs it after {after} in doubt; it stopped, or its migration was lost.", null),
            Whereabouts.PostCopyBroken => new StepEnd(ActionPhase.InDoubt, $"{Move}: {MigrationRunner.PostCopyBroken(From, To)}", null),
            _ when lasted >= Most => new StepEnd(ActionPhase.InDoubt, $"{Move}: still in doubt after {after}: it is taken to be over, and counts for no limit any more. Look where it runs.", null),
            _ => null,
        };
    }
}
