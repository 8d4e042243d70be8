using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

public enum PowerState
{
    Unknown,
    Off,
    On,
}

/// <summary>What switches physical hosts: a BMC or its like. Calls for different hosts may run at the same time.</summary>
public interface IHostPower
{
    /// <returns><see cref="PowerState.Unknown"/> where it can't be asked; never throws for that.</returns>
    Task<PowerState> StateAsync(Host host, CancellationToken ct);

    /// <summary>Its hypervisor has answered. What was known of its being off is past: silence that comes later proves nothing.</summary>
    void Answered(Host host)
    {
    }

    /// <summary>Asks the host to shut down in order. Returns once it is off.</summary>
    /// <exception cref="StillOnException">It did not go off in time, or knows no orderly shutdown: only cutting the power is left.</exception>
    /// <exception cref="LeftOnException">It did not go off in time, and is to be left so.</exception>
    /// <exception cref="ActionFailedException">Refused or no answer.</exception>
    Task PowerOffAsync(Host host, CancellationToken ct);

    /// <summary>Cuts the power. Returns once the host is off. To be called only right after its hypervisor said that nothing runs there.</summary>
    /// <exception cref="ActionFailedException">Refused, no answer, or still on.</exception>
    Task CutPowerAsync(Host host, CancellationToken ct) => throw new ActionFailedException($"the power of {host.Name} can't be cut");

    /// <summary>Suspends the host to memory. Returns once it sleeps, or once it has taken the order; it wakes like a host that is powered on.</summary>
    /// <exception cref="NotSupportedByHostException">This host, or whatever switches it, can't.</exception>
    /// <exception cref="ActionFailedException">Refused or no answer.</exception>
    Task SuspendAsync(Host host, CancellationToken ct) => throw new NotSupportedByHostException($"nothing is configured that could suspend {host.Name}");

    /// <summary>Powers the host on. Returns once the BMC has taken the order; booting is awaited by the caller.</summary>
    /// <exception cref="ActionFailedException">Refused or no answer.</exception>
    Task PowerOnAsync(Host host, CancellationToken ct);
}

/// <summary>An action on the site did not succeed. The message is for the journal: what was asked of whom and what came back.</summary>
public class ActionFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whoever was to be told has not been: nothing of the order can be carried out later. False: it may have been taken.</summary>
    public bool NothingSent { get; init; }
}

/// <summary>What was asked is nothing this host can do, and it would not help to ask again.</summary>
public sealed class NotSupportedByHostException : ActionFailedException
{
    public NotSupportedByHostException(string message, Exception? inner = null)
        : base(message, inner) => NothingSent = true;
}

/// <summary>A host did not go off by itself, and nothing more is to be done about it but to tell somebody.</summary>
public sealed class LeftOnException(string message) : ActionFailedException(message);

/// <summary>A host did not go off by itself.</summary>
public sealed class StillOnException(string message) : ActionFailedException(message);
