using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Durations;

namespace Ulm.Engine.Simulation;

/// <summary>A site that exists only in memory and virtual time, behind the same ports as a real one. Used from the engine's thread only.</summary>
public sealed class SimulatedSite : ISiteObserver, IHypervisor, IHostPower, IHostCheck
{
    /// <summary>How long a host that does not shut down is waited for.</summary>
    private static readonly TimeSpan FallAsleepTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WakeTime = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _asleep = new(StringComparer.Ordinal);

    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BmcIsLateBy = TimeSpan.FromMinutes(4);

    private readonly TimeProvider _time;
    private readonly ILoadModel _load;
    private readonly MetricReplay _replay;
    private readonly FaultSchedule _faults;
    private readonly SharedLinks _links;
    private readonly SortedDictionary<string, Host> _hosts;
    private readonly SortedDictionary<string, Vm> _vms;
    private Site? _now;
    private readonly Dictionary<string, string> _migrating = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _breakOff = new(StringComparer.Ordinal);
    private readonly HashSet<string> _crashed = new(StringComparer.Ordinal);
    private readonly Dictionary<SubjectRef, DateTimeOffset> _startedAt = [];

    /// <param name="replay">Figures that are given; what it says of a VM's CPU goes before <paramref name="load"/>.</param>
    public SimulatedSite(Site start, ILoadModel load, TimeProvider time, MetricReplay? replay = null)
        : this(start, load, time, replay ?? new MetricReplay(), FaultSchedule.None)
    {
    }

    internal SimulatedSite(Site start, ILoadModel load, TimeProvider time, MetricReplay replay, FaultSchedule faults)
    {
        (_load, _time, _replay, _faults, _links) = (load, time, replay, faults, new SharedLinks(time));
        _hosts = new SortedDictionary<string, Host>(start.Hosts.ToDictionary(h => h.Name), StringComparer.Ordinal);
        _vms = new SortedDictionary<string, Vm>(start.Vms.ToDictionary(v => v.Name), StringComparer.Ordinal);
    }

    /// <summary>A migration or a power order was struck by a fault.</summary>
    public event Action<FaultEvent>? Struck;

    /// <summary>How often a host was powered off; each is one cycle, whether it is on again by the end or not.</summary>
    public int PowerCycles { get; private set; }

    public int Migrations { get; private set; }

    /// <summary>Grows whenever a host or VM does, or a migration begins or ends.</summary>
    public long Changes { get; private set; }

    /// <summary>Hosts that have crashed and are not back.</summary>
    internal IReadOnlySet<string> Crashed => _crashed;

    public Site Now => _now ??= new Site(_hosts.Values, _vms.Values);

    /// <summary>VMs on their way, with the host they go to.</summary>
    public IReadOnlyDictionary<string, string> Migrating => _migrating;

    /// <returns>MIPS; 0 where the trace has no value, and on a host that has crashed.</returns>
    public double CpuUse(Vm vm) => _crashed.Contains(vm.Host) ? 0 : vm.CpuUse(CpuOf(vm), _hosts[vm.Host]);

    /// <returns>Per cent of the VM's own vCPUs that it asks for; 0 where the trace has no value.</returns>
    public double CpuOf(Vm vm) =>
        (_replay.TryRead(vm.Ref, PolicyAttribute.VmCpu, _time.GetUtcNow(), out var given) ? given : _load.CpuPercent(vm.Name, _time.GetUtcNow())) ?? 0;

    /// <summary>What was under way when the snapshot was taken goes on. A host that powers off with VMs on it is left as it is: nobody knows what becomes of them.</summary>
    internal void GoOnFromStart()
    {
        foreach (var host in _hosts.Values.Where(h => h.State == HostState.PoweringOn).ToList()) _ = BootAsync(host, _faults.Strikes(FaultKind.WakeFails, host.Name, _time.GetUtcNow()));
        foreach (var host in _hosts.Values.Where(h => h.State == HostState.PoweringOff && Now.VmsOn(h.Name).IsEmpty).ToList()) _ = ShutDownAsync(host);
    }

    private async Task ShutDownAsync(Host host)
    {
        await _time.WaitAsync(host.ShutdownTime);
        if (_hosts[host.Name].State == HostState.PoweringOff) Put(_hosts[host.Name] with { State = HostState.Off });
    }

    public Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        var at = _time.GetUtcNow();
        var seen = _faults.IsEmpty ? Now : Now.With(h => IsSilent(h) ? h with { State = HostState.Unreachable } : h);
        var unmeasured = seen.Hosts.Where(h => h.State == HostState.On && _faults.IsPresent(FaultKind.MuninSilent, h.Name, at)).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        var metrics = new SimulatedMetrics(seen, _load, _replay, _startedAt, reads, at) { Unmeasured = unmeasured }.Take();
        return Task.FromResult(new Observation(seen, metrics.Measured, [.. FaultsSeen(seen, unmeasured)]) { Unmeasured = metrics.Unmeasured });
    }

    private static IEnumerable<ObservedFault> FaultsSeen(Site seen, HashSet<string> unmeasured) =>
        seen.Hosts.Where(h => h.State == HostState.Unreachable).Select(h => new ObservedFault($"{h.Name} libvirt", $"host {h.Name} is unreachable: its hypervisor does not answer"))
            .Concat(seen.Hosts.Where(h => unmeasured.Contains(h.Name)).Select(h => new ObservedFault($"{h.Name} munin", $"munin-node does not answer; nothing is decided on {h.Name} until it does")));

    /// <summary>True where the hypervisor runs and does not answer.</summary>
    private bool IsSilent(Host host) => host.State == HostState.On && _faults.IsPresent(FaultKind.LibvirtSilent, host.Name, _time.GetUtcNow());

    /// <summary>The host does not answer any more, its VMs and migrations stop, and its BMC says nothing either. What runs there is unknown.</summary>
    public void Fail(string host)
    {
        _crashed.Add(host);
        Put(_hosts[host] with { State = HostState.Unreachable });
        foreach (var (vm, to) in _migrating.ToList())
        {
            if ((to == host || _vms.GetValueOrDefault(vm)?.Host == host) && _breakOff.TryGetValue(vm, out var breakOff)) breakOff.Cancel();
        }
    }

    /// <summary>A host that failed answers again, and runs the VMs it ran.</summary>
    public void Return(string host)
    {
        if (_hosts[host].State != HostState.Unreachable) return;
        if (_crashed.Remove(host)) foreach (var started in _vms.Values.Where(v => v.Host == host).Select(v => v.Ref).Append(SubjectRef.Host(host))) _startedAt[started] = _time.GetUtcNow();
        Put(_hosts[host] with { State = HostState.On });
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

    public async Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct)
    {
        if (_vms.GetValueOrDefault(vm.Name)?.Host != from.Name) throw new ActionFailedException($"vm {vm.Name} does not run on {from.Name}");
        if (!Answers(from.Name)) throw new ActionFailedException($"host {from.Name} does not answer");
        if (!Answers(to.Name)) throw new TargetFailedException($"host {to.Name} does not answer", reached: false);
        using var breakOff = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _migrating.Add(vm.Name, to.Name);
        _breakOff.Add(vm.Name, breakOff);
        Changes++;
        try
        {
            await _time.WaitAsync(MemoryCopy.SetUp, breakOff.Token);
            await CopyAsync(vm, from, to, manner, breakOff.Token);
            if (!_vms.TryGetValue(vm.Name, out var moved)) throw new ActionFailedException($"vm {vm.Name} stopped on its way");
            Put(moved with { Host = to.Name });
            Migrations++;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ActionFailedException($"host {(_crashed.Contains(to.Name) ? to.Name : from.Name)} went away");
        }
        finally
        {
            _migrating.Remove(vm.Name);
            _breakOff.Remove(vm.Name);
            Changes++;
        }
    }

    private async Task CopyAsync(Vm vm, Host from, Host to, MigrationManner manner, CancellationToken ct)
    {
        if (_faults.Strikes(FaultKind.MigrationStalls, vm, from, to, _time.GetUtcNow()) is not null)
        {
            Tell(vm.Ref, $"the migration of vm {vm.Name} to {to.Name} stalls: the guest dirties memory as fast as it is copied");
            await _links.CopyAsync(from, to, double.PositiveInfinity, 0, manner.BytesPerSecond, ct);
        }

        var breaks = _faults.Strikes(FaultKind.MigrationFails, vm, from, to, _time.GetUtcNow());
        var copy = MemoryCopy.Of(vm, from, to, manner.BytesPerSecond);
        if (breaks is null && !copy.Ends) Tell(vm.Ref, $"the migration of vm {vm.Name} to {to.Name} does not end: the guest dirties {Show.Bytes(vm.DirtyBytesPerSecond ?? 0)}/s, and the {(copy.BytesPerSecond < manner.BytesPerSecond ? "link carries" : $"{manner} migration copies")} {Show.Bytes(copy.BytesPerSecond)}/s");
        await (breaks is { } part
            ? _links.CopyAsync(from, to, vm.MemoryBytes * part, 0, manner.BytesPerSecond, ct)
            : _links.CopyAsync(from, to, vm.MemoryBytes, vm.DirtyBytesPerSecond ?? 0, manner.BytesPerSecond, ct));
        if (breaks is null) return;
        Tell(vm.Ref, $"the migration of vm {vm.Name} to {to.Name} breaks off after {Show.Percent(breaks.Value * 100)} of its memory");
        throw new ActionFailedException("migration broke off");
    }

    public Task<bool> IsMovingOffAsync(Vm vm, Host from, CancellationToken ct) =>
        Answers(from.Name) ? Task.FromResult(_migrating.ContainsKey(vm.Name)) : throw new ActionFailedException($"host {from.Name} does not answer");

    public Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct) => Answers(host.Name)
        ? Task.FromResult<IReadOnlyList<RunningVm>>([.. _vms.Values.Where(v => v.Host == host.Name).Select(v => new RunningVm(v.Name, v.Id))])
        : throw new ActionFailedException($"host {host.Name} does not answer");

    public Task<HostPortrait> LookAsync(Host host, CancellationToken ct)
    {
        if (!Answers(host.Name)) throw new ActionFailedException("its hypervisor does not answer");
        if (_faults.IsPresent(FaultKind.MuninSilent, host.Name, _time.GetUtcNow())) throw new ActionFailedException("its munin-node does not answer");
        return Task.FromResult(new HostPortrait(_hosts[host.Name].CpuModel, [], host.Cpus, host.MemoryBytes, []));
    }

    private bool Answers(string host) => _hosts[host].State == HostState.On && !IsSilent(_hosts[host]);

    public Task<PowerState> StateAsync(Host host, CancellationToken ct) => Task.FromResult(
        _faults.Strikes(FaultKind.BmcRefuses, host.Name, _time.GetUtcNow()) ? PowerState.Unknown
        : _hosts[host.Name].State == HostState.Off ? PowerState.Off : PowerState.On);

    public async Task PowerOffAsync(Host host, CancellationToken ct)
    {
        AskBmc(host, "power off");
        if (_faults.Strikes(FaultKind.BmcLate, host.Name, _time.GetUtcNow()))
        {
            Tell(host.Ref, $"the BMC of {host.Name} answers too late, and powers it off in {Show.Duration(BmcIsLateBy)}");
            _ = GoOffLateAsync(host.Name);
            throw new ActionFailedException($"the BMC of {host.Name} does not answer in time");
        }

        if (_faults.Strikes(FaultKind.ShutdownHangs, host.Name, _time.GetUtcNow()))
        {
            Tell(host.Ref, $"host {host.Name} does not shut down");
            await _time.WaitAsync(ShutdownPatience, ct);
            throw new StillOnException($"{host.Name} is still on {Show.Duration(ShutdownPatience)} after it was told to shut down");
        }

        await _time.WaitAsync(_hosts[host.Name].ShutdownTime, ct);
        GoOff(host.Name);
    }

    private async Task GoOffLateAsync(string host)
    {
        await _time.WaitAsync(BmcIsLateBy);
        GoOff(host);
    }

    public Task CutPowerAsync(Host host, CancellationToken ct)
    {
        AskBmc(host, "cut the power");
        GoOff(host.Name);
        return Task.CompletedTask;
    }

    /// <summary>Falls asleep in a moment and wakes as fast; a host that sleeps draws what it draws when off.</summary>
    public async Task SuspendAsync(Host host, CancellationToken ct)
    {
        AskBmc(host, "suspend");
        await _time.WaitAsync(FallAsleepTime, ct);
        _asleep.Add(host.Name);
        GoOff(host.Name);
    }

    public Task PowerOnAsync(Host host, CancellationToken ct)
    {
        AskBmc(host, "power on");
        Put(_hosts[host.Name] with { State = HostState.PoweringOn });
        _ = BootAsync(_asleep.Remove(host.Name) ? host with { BootTime = WakeTime } : host, _faults.Strikes(FaultKind.WakeFails, host.Name, _time.GetUtcNow()));
        return Task.CompletedTask;
    }

    private async Task BootAsync(Host host, bool fails)
    {
        await _time.WaitAsync(_hosts[host.Name].BootTime);
        if (_hosts[host.Name].State != HostState.PoweringOn) return;
        if (fails) Tell(host.Ref, $"host {host.Name} was powered on and does not come up");
        else _startedAt[host.Ref] = _time.GetUtcNow();
        Put(_hosts[host.Name] with { State = fails ? HostState.Off : HostState.On });
    }

    private void AskBmc(Host host, string order)
    {
        if (!_faults.Strikes(FaultKind.BmcRefuses, host.Name, _time.GetUtcNow())) return;
        Tell(host.Ref, $"the BMC of {host.Name} refuses to {order}");
        throw new ActionFailedException($"the BMC of {host.Name} refuses");
    }

    private void GoOff(string host)
    {
        if (_hosts[host].State == HostState.Off) return;
        _crashed.Remove(host);
        Put(_hosts[host] with { State = HostState.Off });
        PowerCycles++;
    }

    private void Tell(SubjectRef subject, string text) => Struck?.Invoke(new FaultEvent(_time.GetUtcNow(), subject.ToString(), text));

    private void Put(Host host) => (_hosts[host.Name], _now, Changes) = (host, null, Changes + 1);

    private void Put(Vm vm) => (_vms[vm.Name], _now, Changes) = (vm, null, Changes + 1);
}
