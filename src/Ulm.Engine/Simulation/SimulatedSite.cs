using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Simulation;

/// <summary>A site that exists only in memory and virtual time, behind the same ports as a real one. Used from the engine's thread only.</summary>
public sealed class SimulatedSite : ISiteObserver, IHypervisor, IHostPower
{
    /// <summary>Setting up and handing over, beside the copying itself.</summary>
    private static readonly TimeSpan MigrationOverhead = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly ILoadModel _load;
    private readonly MetricReplay _replay;
    private readonly SortedDictionary<string, Host> _hosts;
    private readonly SortedDictionary<string, Vm> _vms;
    private Site? _now;
    private readonly Dictionary<string, string> _migrating = new(StringComparer.Ordinal);
    private readonly Dictionary<SubjectRef, DateTimeOffset> _startedAt = [];

    /// <param name="replay">Figures that are given; what it says of a VM's CPU goes before <paramref name="load"/>.</param>
    public SimulatedSite(Site start, ILoadModel load, TimeProvider time, MetricReplay? replay = null)
    {
        (_load, _time, _replay) = (load, time, replay ?? new MetricReplay());
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
    public double CpuOf(Vm vm) =>
        (_replay.TryRead(vm.Ref, PolicyAttribute.VmCpu, _time.GetUtcNow(), out var given) ? given : _load.CpuPercent(vm.Name, _time.GetUtcNow())) ?? 0;

    public Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        var (measured, unmeasured) = new SimulatedMetrics(Now, _load, _replay, _startedAt, reads, _time.GetUtcNow()).Take();
        return Task.FromResult(new Observation(Now, measured, []) { Unmeasured = unmeasured });
    }

    /// <summary>The host does not answer any more, and its BMC says nothing either. What runs there is unknown.</summary>
    public void Fail(string host) => Put(_hosts[host] with { State = HostState.Unreachable });

    /// <summary>A host that failed answers again.</summary>
    public void Return(string host)
    {
        if (_hosts[host].State == HostState.Unreachable) Put(_hosts[host] with { State = HostState.On });
    }

    public void Stop(string vm)
    {
        if (_vms.Remove(vm)) (_now, Changes) = (null, Changes + 1);
    }

    /// <summary>Starts a VM on the host that it names. Nothing happens where it runs already.</summary>
    public void Start(Vm vm)
    {
        if (_vms.ContainsKey(vm.Name)) return;
        _startedAt[vm.Ref] = _time.GetUtcNow();
        Put(vm);
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
            if (_hosts[from.Name].State != HostState.On) throw new ActionFailedException($"host {from.Name} went away");
            if (!_vms.TryGetValue(vm.Name, out var moved)) throw new ActionFailedException($"vm {vm.Name} stopped on its way");
            Put(moved with { Host = to.Name });
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
        _startedAt[host.Ref] = _time.GetUtcNow();
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
