using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>Where a VM really is, found by asking both hosts of its migration.</summary>
internal enum Whereabouts
{
    AtSource,
    AtTarget,

    /// <summary>Both say it runs there.</summary>
    Both,

    /// <summary>Both answer and neither runs it.</summary>
    Neither,

    /// <summary>A host does not answer, and the other one does not settle it.</summary>
    Unknown,
}

internal sealed class WhereaboutsQuestion(IHypervisor hypervisor, TimeProvider time)
{
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asks until both hosts have answered, a few times at most. A silent source does not matter once the target runs the VM? It does:
    /// a source cut off may still run it. So only two answers settle it, except that a running VM is never called lost.
    /// </summary>
    public async Task<Whereabouts> AskAsync(Vm vm, Host from, Host to, CancellationToken ct)
    {
        for (var left = Tries; ; left--)
        {
            var atSource = await RunsAsync(vm, from, ct);
            var atTarget = await RunsAsync(vm, to, ct);
            if (atSource is { } source && atTarget is { } target)
            {
                return (source, target) switch
                {
                    (true, true) => Whereabouts.Both,
                    (true, false) => Whereabouts.AtSource,
                    (false, true) => Whereabouts.AtTarget,
                    _ => Whereabouts.Neither,
                };
            }

            if (left == 1) return Whereabouts.Unknown;
            await time.WaitAsync(Pause, ct);
        }
    }

    private async Task<bool?> RunsAsync(Vm vm, Host host, CancellationToken ct)
    {
        try
        {
            var running = await hypervisor.RunningVmsAsync(host, ct);
            return running.Any(r => vm.Id is { } id && r.Id is { } other ? id == other : r.Name == vm.Name);
        }
        catch (ActionFailedException)
        {
            return null;
        }
    }
}
