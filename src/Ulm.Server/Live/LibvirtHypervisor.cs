using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>Moves guests by libvirt's peer-to-peer live migration: the source's libvirt talks to the target's, this server only asks for it.</summary>
internal sealed class LibvirtHypervisor(IEnumerable<ManagedHost> hosts) : IHypervisor
{
    private readonly ImmutableDictionary<string, ManagedHost> _hosts = hosts.ToImmutableDictionary(h => h.Config.Name, StringComparer.Ordinal);

    public async Task MigrateAsync(Vm vm, Host from, Host to, IProgress<Engine.Actions.MigrationProgress> progress, CancellationToken ct)
    {
        var id = vm.Id ?? throw new ActionFailedException($"vm {vm.Name} has no UUID: libvirt can't be asked to move it");
        try
        {
            await _hosts[from.Name].Libvirt.MigrateAsync(
                id, _hosts[to.Name].Config.MigrationUri, new MigrationOptions { PersistDestination = true, UndefineSource = true, AutoConverge = true }, new Forward(progress), ct);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    public async Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct)
    {
        try
        {
            await _hosts[from.Name].Libvirt.AbortJobAsync(vm.Id ?? throw new ActionFailedException($"vm {vm.Name} has no UUID"), ct);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    public async Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct)
    {
        try
        {
            var domains = await _hosts[host.Name].Libvirt.ListDomainsAsync(ct);
            return [.. domains.Where(d => d.State is not (DomainState.ShutOff or DomainState.Crashed)).Select(d => new RunningVm(d.Name, d.Uuid, d.State is DomainState.Paused))];
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException($"{host.Name} can't be asked what runs there: {e.Message}", e);
        }
    }

    private sealed class Forward(IProgress<Engine.Actions.MigrationProgress> to) : IProgress<Libvirt.MigrationProgress>
    {
        public void Report(Libvirt.MigrationProgress value) => to.Report(new Engine.Actions.MigrationProgress(
            value.DataTotalBytes > 0 ? 100.0 * (value.DataTotalBytes - value.DataRemainingBytes) / value.DataTotalBytes : 0, value.DataRemainingBytes));
    }
}
