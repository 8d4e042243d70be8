using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>Where a VM really is, found by asking both hosts of its migration.</summary>
internal enum Whereabouts
{
    AtSource,
    AtTarget,

    /// <summary>The target alone has it, and it does not run there: somebody paused it, or it was stopped by an error of its own.</summary>
    PausedAtTarget,

    /// <summary>Both say it runs there.</summary>
    Both,

    /// <summary>Both answer and neither has it.</summary>
    Neither,

    /// <summary>Both have it, at least one of them paused, or the source has given it up and the copy has not begun to run; and it stays so: libvirt may still be moving it.</summary>
    StillMoving,

    /// <summary>A migration broke in post-copy: each host has a part of it.</summary>
    PostCopyBroken,

    /// <summary>A host does not answer.</summary>
    Unknown,
}

/// <param name="hasNoPower">Of a host that does not answer: it was seen to be off. One without power runs nothing.</param>
internal sealed class WhereaboutsQuestion(IHypervisor hypervisor, TimeProvider time, Func<Host, bool> hasNoPower)
{
    /// <summary>How often a host that does not answer is asked.</summary>
    private const int Tries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private enum Presence
    {
        Absent,

        /// <summary>It is filled by a migration, or waits for its end.</summary>
        Incoming,

        Paused,
        Running,
        PostCopyFailed,
    }

    /// <summary>
    /// Asks until it is settled. Does a silent source matter once the target runs the VM? It does: a source that is cut off may run it
    /// still. So only two answers settle it. A copy that is paused at one end while the other has the VM too is a migration under way, which
    /// libvirt sees through even where the connection that asked for it broke.
    /// </summary>
    /// <param name="reached">False: the target was never reached. A source that runs the VM is then all that has to be asked.</param>
    /// <param name="patience">How long a migration that libvirt goes on with by itself is waited for.</param>
    /// <param name="ct">Ends the waiting, not the asking: the answer is then what is known.</param>
    public async Task<Whereabouts> AskAsync(Vm vm, Host from, Host to, bool reached, TimeSpan patience, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        for (var silent = 0; ;)
        {
            var answer = await AskOnceAsync(vm, from, to, reached);
            var goOn = answer switch
            {
                Whereabouts.Unknown => ++silent < Tries,
                Whereabouts.StillMoving => time.GetElapsedTime(begun) < patience,
                _ => false,
            };
            if (!goOn || ct.IsCancellationRequested) return answer;
            await time.WaitAsync(Pause, CancellationToken.None);
        }
    }

    /// <summary>What both say now; what is unsettled may settle.</summary>
    public async Task<Whereabouts> AskOnceAsync(Vm vm, Host from, Host to, bool reached = true)
    {
        var (source, target) = (await PresenceAsync(vm, from), await PresenceAsync(vm, to));
        // Between the two answers it may have moved: only a source that says so after the target runs it too.
        if ((source, target) is (Presence.Running, Presence.Running)) source = await PresenceAsync(vm, from);
        return Of(source, target, reached);
    }

    private static Whereabouts Of(Presence? source, Presence? target, bool reached) => (source, target) switch
    {
        (Presence.PostCopyFailed, _) or (_, Presence.PostCopyFailed) => Whereabouts.PostCopyBroken,
        (Presence.Running, null) when !reached => Whereabouts.AtSource,
        (null, _) or (_, null) => Whereabouts.Unknown,
        (Presence.Running, Presence.Running) => Whereabouts.Both,
        (Presence.Absent, Presence.Absent) => Whereabouts.Neither,
        (_, Presence.Absent) => Whereabouts.AtSource,
        (Presence.Absent, Presence.Running) => Whereabouts.AtTarget,
        (Presence.Absent, Presence.Paused) => Whereabouts.PausedAtTarget,
        _ => Whereabouts.StillMoving,
    };

    private async Task<Presence?> PresenceAsync(Vm vm, Host host)
    {
        try
        {
            var running = await hypervisor.RunningVmsAsync(host, CancellationToken.None);
            var found = running.FirstOrDefault(r => vm.Id is { } id && r.Id is { } other ? id == other : r.Name == vm.Name);
            return found is null ? Presence.Absent : found.PostCopyFailed ? Presence.PostCopyFailed : found.Incoming ? Presence.Incoming : found.Paused ? Presence.Paused : Presence.Running;
        }
        catch (ActionFailedException)
        {
            return hasNoPower(host) ? Presence.Absent : null;
        }
    }
}
