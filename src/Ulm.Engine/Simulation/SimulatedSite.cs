using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Simulation;

/// <summary>A site that exists only in memory and virtual time, behind the same ports as a real one. Used from the engine's thread only.</summary>
public sealed class SimulatedSite : ISiteObserver, IHypervisor, IHostPower
{
    /// <summary>Setting up and handing over, beside the copying itself.</summary>
    private static readonly TimeSpan MigrationOverhead = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly ILoadModel _load;
    private readonly SortedDictionary<string, Host> _hosts;
    private readonly SortedDictionary<string, Vm> _vms;
    private Site? _now;
    private readonly Dictionary<string, string> _migrating = new(StringComparer.Ordinal);

    public SimulatedSite(Site start, ILoadModel load, TimeProvider time)
    {
        (_load, _time) = (load, time);
        _hosts = new SortedDictionary<string, Host>(start.Hosts.ToDictionary(h => h.Name), StringComparer.Ordinal);
        _vms = new SortedDictionary<string, Vm>(start.Vms.ToDictionary(v => v.Name), StringComparer.Ordinal);
    }

    /// <summary>How often a host was powered off; each is one cycle, whether it is on again by the end or not.</summary>
    public int PowerCycles { get; private set; }

    public int Migrations { get; private set; }

    /// <summary>Grows whenever a host or VM does, or a migration begins or ends.</summary>
    public long Changes { get; private set; }

    public Site Now => _now ??= new Site(_hosts.Values, _vms.Values);

    /// <summary>VMs on their way, with the host they go to.</summary>
    public IReadOnlyDictionary<string, string> Migrating => _migrating;

    /// <returns>Per cent of the VM's own vCPUs; 0 where the trace has no value.</returns>
    public double CpuOf(Vm vm) => _load.CpuPercent(vm.Name, _time.GetUtcNow()) ?? 0;

    public Task<Observation> ObserveAsync(CancellationToken ct)
    {
        var at = _time.GetUtcNow();
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        var demand = _hosts.Keys.ToDictionary(h => h, _ => 0.0);
        var held = _hosts.Keys.ToDictionary(h => h, _ => 0L);
        foreach (var vm in _vms.Values)
        {
            demand[vm.Host] += vm.CpuDemand(CpuOf(vm));
            held[vm.Host] += vm.MemoryBytes;
            if (_load.CpuPercent(vm.Name, at) is not { } cpu) continue;
            measurements.Add(new(vm.Ref, PolicyAttribute.VmCpu, at, cpu));
            measurements.Add(new(vm.Ref, PolicyAttribute.VmMemory, at, vm.MemoryBytes));
        }

        foreach (var host in _hosts.Values.Where(h => h.State == HostState.On))
        {
            var used = demand[host.Name] / host.CpuCapacity;
            measurements.Add(new(host.Ref, PolicyAttribute.HostCpu, at, Math.Min(100, used * 100)));
            measurements.Add(new(host.Ref, PolicyAttribute.HostLoad, at, used));
            measurements.Add(new(host.Ref, PolicyAttribute.HostMemory, at, 100.0 * held[host.Name] / host.MemoryBytes));
        }

        return Task.FromResult(new Observation(Now, measurements.ToImmutable(), []));
    }

    public async Task MigrateAsync(Vm vm, Host from, Host to, IProgress<MigrationProgress> progress, CancellationToken ct)
    {
        if (_vms.GetValueOrDefault(vm.Name)?.Host != from.Name) throw new ActionFailedException($"vm {vm.Name} does not run on {from.Name}");
        if (_hosts[to.Name].State != HostState.On) throw new ActionFailedException($"host {to.Name} does not answer");
        _migrating.Add(vm.Name, to.Name);
        Changes++;
        try
        {
            var mibPerSecond = Math.Max(1, Math.Min(from.NetMbps, to.NetMbps) / 8 * 1e6 / (1 << 20));
            await _time.WaitAsync(MigrationOverhead + TimeSpan.FromSeconds(vm.MemoryBytes / (double)(1 << 20) / mibPerSecond), ct);
            if (_hosts[to.Name].State != HostState.On) throw new ActionFailedException($"host {to.Name} went away");
            Put(_vms[vm.Name] with { Host = to.Name });
            Migrations++;
        }
        finally
        {
            _migrating.Remove(vm.Name);
            Changes++;
        }
    }

    public Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct) => _hosts[host.Name].State == HostState.On
        ? Task.FromResult<IReadOnlyList<RunningVm>>([.. _vms.Values.Where(v => v.Host == host.Name).Select(v => new RunningVm(v.Name, v.Id))])
        : throw new ActionFailedException($"host {host.Name} does not answer");

    public Task<PowerState> StateAsync(Host host, CancellationToken ct) =>
        Task.FromResult(_hosts[host.Name].State == HostState.Off ? PowerState.Off : PowerState.On);

    public async Task PowerOffAsync(Host host, CancellationToken ct)
    {
        await _time.WaitAsync(ShutdownTime, ct);
        Switch(host.Name, HostState.Off);
    }

    public Task PowerOnAsync(Host host, CancellationToken ct)
    {
        Switch(host.Name, HostState.PoweringOn);
        _ = BootAsync(host);
        return Task.CompletedTask;
    }

    private async Task BootAsync(Host host)
    {
        await _time.WaitAsync(host.BootTime);
        Put(_hosts[host.Name] with { State = HostState.On });
    }

    private void Switch(string host, HostState state)
    {
        Put(_hosts[host] with { State = state });
        if (state == HostState.Off) PowerCycles++;
    }

    private void Put(Host host) => (_hosts[host.Name], _now, Changes) = (host, null, Changes + 1);

    private void Put(Vm vm) => (_vms[vm.Name], _now, Changes) = (vm, null, Changes + 1);
}
