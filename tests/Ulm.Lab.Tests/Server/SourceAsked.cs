using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;
using Ulm.Server.Live;

namespace Ulm.Lab.Tests.Server;

/// <summary>The question that the server settles a migration in doubt with, put to a real libvirtd over the server's own port.</summary>
internal static class SourceAsked
{
    /// <summary>Whether a host's libvirtd is moving a guest off it at this moment, whoever asked it to.</summary>
    /// <exception cref="Ulm.Engine.Actions.ActionFailedException">It does not answer.</exception>
    public static async Task<bool> IsMovingOffAsync(UlmSetup setup, string guest, string host)
    {
        await using var managed = new ManagedHost(ConfigReader.Read(setup.Config).Hosts.Single(h => h.Name == host), TimeSpan.FromSeconds(2), TimeProvider.System);
        var vm = new Vm { Name = guest, Host = host, Vcpus = 1, CpuMips = 1, MemoryBytes = 1 };
        return await new LibvirtHypervisor([managed]).IsMovingOffAsync(vm, new Host { Name = host, Cpus = 1, MemoryBytes = 1 }, TestContext.Current.CancellationToken);
    }
}
