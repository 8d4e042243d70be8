using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>Moves guests by libvirt's peer-to-peer live migration: the source's libvirt talks to the target's, this server only asks for it.</summary>
internal sealed class LibvirtHypervisor(IEnumerable<ManagedHost> hosts) : IHypervisor
{
    private readonly ImmutableDictionary<string, ManagedHost> _hosts = hosts.ToImmutableDictionary(h => h.Config.Name, StringComparer.Ordinal);

    public async Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<Engine.Actions.MigrationProgress> progress, CancellationToken ct)
    {
        var id = vm.Id ?? throw new ActionFailedException($"vm {vm.Name} has no UUID: libvirt can't be asked to move it");
        var postCopy = manner.PostCopyAfter is not null && _hosts[from.Name].Config.AllowsPostCopy && _hosts[to.Name].Config.AllowsPostCopy;
        var (tries, forward) = (1, new Forward(progress));
        try
        {
            try
            {
                await MigrateAsync(id, from, to, OptionsOf(manner, postCopy), forward, ct);
            }
            catch (LibvirtException e) when (postCopy && !forward.IsInPostCopy && !e.ConnectionFailed && MigrationBlame.IsWithoutPostCopy(e.Words))
            {
                tries++;
                // The kernel or QEMU at one end can't: nothing was begun, and copying ahead may do.
                await MigrateAsync(id, from, to, OptionsOf(manner, postCopy: false), forward, ct);
            }
        }
        catch (LibvirtMigrationTimeoutException e) when (e.Stalled && e.InnerException is LibvirtException inner && MigrationBlame.IsUnanswered(inner.Code, inner.Words))
        {
            throw new TargetFailedException($"aborted: nothing was copied within {Show.Duration(manner.StallLimit)}: {inner.Words}", reached: true, e);
        }
        catch (LibvirtMigrationTimeoutException e) when (e.Stalled)
        {
            throw new ActionFailedException($"aborted: nothing was gained for {Show.Duration(manner.StallLimit)}{Figures(e.LastProgress)}", e);
        }
        catch (LibvirtException e) when (!e.ConnectionFailed && MigrationBlame.IsOfTarget(e.Code))
        {
            throw new TargetFailedException(e.Message, tries > 1 || !MigrationBlame.IsUnreached(e.Code, e.Words, _hosts[to.Name].Config.MigrationUri), e);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    private Task MigrateAsync(Guid vm, Host from, Host to, MigrationOptions options, Forward progress, CancellationToken ct) =>
        _hosts[from.Name].Libvirt.MigrateAsync(vm, _hosts[to.Name].Config.MigrationUri, options, progress, ct);

    private static MigrationOptions OptionsOf(MigrationManner manner, bool postCopy) => new()
    {
        PersistDestination = true,
        UndefineSource = true,
        BandwidthMiBps = manner.BandwidthMiBps,
        AutoConverge = manner.AutoConverge,
        PostCopy = postCopy,
        PostCopyAfter = postCopy ? manner.PostCopyAfter : null,
        StallTimeout = manner.StallLimit,
    };

    private static string Figures(Libvirt.MigrationProgress? last) => last is null ? ""
        : $": {Show.Bytes(last.DataRemainingBytes)} of {Show.Bytes(last.DataTotalBytes)} left{Rate(", copied at", last.MemoryBytesPerSecond)}{Rate(", written to at", last.DirtyBytesPerSecond)}";

    private static string Rate(string what, long? bytes) => bytes is { } perSecond ? $"{what} {Show.Bytes(perSecond)}/s" : "";

    public async Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct)
    {
        try
        {
            var libvirt = _hosts[from.Name].Libvirt;
            var domain = Find(vm, await libvirt.ListDomainsAsync(ct)) ?? throw new ActionFailedException($"{from.Name} does not have it");
            // This server did not see it begin, and so does not know how far it is.
            if (domain.InPostCopy || domain.PostCopyFailed) throw new ActionFailedException("it is in post-copy, where an abort would lose it");
            await libvirt.AbortJobAsync(domain.Uuid, ct);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    public async Task<bool> IsMovingOffAsync(Vm vm, Host from, CancellationToken ct)
    {
        try
        {
            // libvirt may let this wait for half a minute.
            var libvirt = _hosts[from.Name].MeasuringLibvirt;
            return Find(vm, await libvirt.ListDomainsAsync(ct)) is { } domain && await libvirt.GetJobAsync(domain.Uuid, ct) is not null;
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationUnsupported)
        {
            // The latter of a VM that comes in: statistics are to be had at the source alone, it says.
            return false;
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    /// <summary>By its name where this server has never seen it: it was moved by one before this.</summary>
    private static DomainSummary? Find(Vm vm, IEnumerable<DomainSummary> domains) => domains.FirstOrDefault(d => vm.Id is { } id ? d.Uuid == id : d.Name == vm.Name);

    public async Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct)
    {
        try
        {
            var domains = await _hosts[host.Name].Libvirt.ListDomainsAsync(ct);
            return [.. domains.Where(d => d.State is not (DomainState.ShutOff or DomainState.Crashed)).Select(d => new RunningVm(d.Name, d.Uuid, d.State is DomainState.Paused) { Incoming = d.Incoming, PostCopyFailed = d.PostCopyFailed })];
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException($"{host.Name} can't be asked what runs there: {e.Message}", e);
        }
    }

    private sealed class Forward(IProgress<Engine.Actions.MigrationProgress> to) : IProgress<Libvirt.MigrationProgress>
    {
        /// <summary>It has been switched: each host has a part of the VM.</summary>
        public bool IsInPostCopy { get; private set; }

        public void Report(Libvirt.MigrationProgress value)
        {
            IsInPostCopy |= value.PostCopy;
            to.Report(new Engine.Actions.MigrationProgress(
                value.DataTotalBytes > 0 ? 100.0 * (value.DataTotalBytes - value.DataRemainingBytes) / value.DataTotalBytes : 0, value.DataRemainingBytes) { PostCopy = value.PostCopy });
        }
    }
}
