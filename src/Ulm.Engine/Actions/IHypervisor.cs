using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>A VM as the hypervisor lists it.</summary>
/// <param name="Paused">It holds memory and does not run: by somebody's wish, or because it is the copy that a migration fills.</param>
public sealed record RunningVm(string Name, Guid? Id, bool Paused = false)
{
    /// <summary>It is the copy that a migration fills: it has never run on this host.</summary>
    public bool Incoming { get; init; }

    /// <summary>A migration broke in post-copy: this copy lacks memory that only the other host has.</summary>
    public bool PostCopyFailed { get; init; }
}

/// <summary>How far a migration is.</summary>
/// <param name="Percent">0 to 100 of the memory to copy; it may fall when the guest dirties memory faster than it is copied.</param>
public sealed record MigrationProgress(double Percent, long RemainingBytes)
{
    /// <summary>The VM runs on the target and fetches the rest of its memory: nothing may abort it any more.</summary>
    public bool PostCopy { get; init; }
}

/// <summary>A VM did not move for a reason of its target: another host may well take it.</summary>
/// <param name="reached">False: the target was never reached, so that nothing of the VM can be there.</param>
public sealed class TargetFailedException(string message, bool reached, Exception? inner = null) : ActionFailedException(message, inner)
{
    public bool Reached => reached;
}

/// <summary>What acts on VMs. Calls may run at the same time for different VMs and hosts.</summary>
public interface IHypervisor
{
    /// <summary>Moves a running VM and returns once the hypervisor calls it done.</summary>
    /// <param name="manner">How; a stall longer than it allows is a failure, told with the figures.</param>
    /// <exception cref="TargetFailedException">It did not happen, and another target may do.</exception>
    /// <exception cref="ActionFailedException">It did not happen, or nobody can tell whether it did.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the job was aborted at the hypervisor first. In post-copy nothing is aborted: it returns when the VM has moved.</exception>
    Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct);

    /// <summary>Aborts a migration that somebody else began: a server that is no more. Returns once it was asked to; whether it ends is another matter.</summary>
    /// <exception cref="ActionFailedException">There is none, or it can't be aborted.</exception>
    Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct) => throw new ActionFailedException($"a migration of {vm.Name} that another server began can't be aborted");

    /// <summary>Whether a host's hypervisor is moving a VM off it now, whoever asked it to. False too where it does not have the VM any more.</summary>
    /// <exception cref="ActionFailedException">The host can't be asked.</exception>
    Task<bool> IsMovingOffAsync(Vm vm, Host from, CancellationToken ct) => throw new ActionFailedException($"whether {from.Name} is moving {vm.Name} off can't be told");

    /// <summary>Every VM that runs on a host (paused ones too), also those the inventory does not know.</summary>
    /// <exception cref="ActionFailedException">The host can't be asked: what runs there is unknown.</exception>
    Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct);
}
