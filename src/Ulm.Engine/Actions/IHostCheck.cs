using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>Looks a host over: before it goes off, and when it has come up again. Calls for different hosts may run at the same time.</summary>
public interface IHostCheck
{
    /// <exception cref="ActionFailedException">Its hypervisor, or what measures it, does not answer yet. The message says which.</exception>
    Task<HostPortrait> LookAsync(Host host, CancellationToken ct);
}

/// <summary>Where nothing can be looked over: whatever answers is well.</summary>
public sealed class NothingToCheck : IHostCheck
{
    public static readonly NothingToCheck Instance = new();

    private NothingToCheck() { }

    public Task<HostPortrait> LookAsync(Host host, CancellationToken ct) => Task.FromResult(new HostPortrait(null, [], host.Cpus, host.MemoryBytes, []));
}
