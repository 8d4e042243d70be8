using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Loop;

/// <summary>How a migration goes in the <see cref="World"/>.</summary>
internal enum MigrationFate
{
    Moves,
    Fails,
    Hangs,
    ThrowsThoughItMoved,
    SucceedsThoughItDidNot,

    /// <summary>It takes longer than it may, and libvirt sees it through though it was told to abort.</summary>
    ArrivesThoughAborted,

    /// <summary>It is in post-copy at once, and arrives long after it should have.</summary>
    IsInPostCopy,

    /// <summary>It is in post-copy at once, and breaks.</summary>
    BreaksInPostCopy,
}

/// <summary>
/// What really happens at a site, behind the engine's ports: the truth that only tests see. All that takes time runs on timers of
/// virtual time, so that it goes on when the engine above it is killed. Faults are switched by the test; the world rolls no dice.
/// </summary>
internal sealed class World(VirtualTime time, IEnumerable<Host> hosts, IEnumerable<Vm> vms, Func<string, DateTimeOffset, double?> vmCpu) : ISiteObserver, IHypervisor, IHostPower, IHostCheck
{
    public static readonly TimeSpan MigrationTakes = TimeSpan.FromSeconds(25);
    public static readonly TimeSpan ShutdownTakes = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BmcIsLateBy = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, Action> _breaks = [];

    private readonly SortedDictionary<string, Host> _hosts = new(hosts.ToDictionary(h => h.Name), StringComparer.Ordinal);
    private readonly SortedDictionary<string, Vm> _vms = new(vms.ToDictionary(v => v.Name), StringComparer.Ordinal);

    public VirtualTime Time => time;

    /// <summary>What the machine of the servers takes for the time; what is measured bears it.</summary>
    public SettableClock Clock { get; } = new(time);

    public DateTimeOffset Now => time.GetUtcNow();

    public IReadOnlyDictionary<string, Vm> Vms => _vms;

    public IReadOnlyDictionary<string, Host> Hosts => _hosts;

    /// <summary>VMs on their way.</summary>
    public Dictionary<string, (string From, string To)> Migrating { get; } = [];

    /// <summary>Hosts whose hypervisor does not answer, though they run.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Hosts of which nothing is measured, though their hypervisor answers.</summary>
    public HashSet<string> Unmeasured { get; } = [];

    /// <summary>Hosts that somebody else put a VM on: between two polls nobody can know of it, so how full they get is not the engine's doing.</summary>
    public HashSet<string> FilledFromOutside { get; } = [];

    /// <summary>VMs that somebody else stopped.</summary>
    public HashSet<string> StoppedFromOutside { get; } = [];

    public HashSet<string> BmcRefuses { get; } = [];

    /// <summary>Hosts whose BMC nobody can reach from here, not even to send it an order.</summary>
    public HashSet<string> CantBeTold { get; } = [];

    /// <summary>Hosts whose BMC calls an order done, and does nothing.</summary>
    public HashSet<string> BmcLies { get; } = [];

    /// <summary>Hosts whose BMC answers an order to power off with a failure, and carries it out minutes later.</summary>
    public HashSet<string> BmcIsLate { get; } = [];

    /// <summary>Hosts that an order to power off has reached which is not carried out yet: whoever starts a VM there has to know.</summary>
    public HashSet<string> GoingOff { get; } = [];

    public HashSet<string> NeverBoots { get; } = [];

    /// <summary>Hosts that have come up without their storage.</summary>
    public HashSet<string> WithoutStorage { get; } = [];

    /// <summary>Hosts that lose their storage at their next boot.</summary>
    public HashSet<string> LosesStorage { get; } = [];

    /// <summary>Hosts that can't be looked over.</summary>
    public HashSet<string> CantBeLookedOver { get; } = [];

    /// <summary>Hosts that came up, and that nobody has looked over since.</summary>
    public HashSet<string> Unproven { get; } = [];

    /// <summary>Hosts that somebody knows to have had storage.</summary>
    public HashSet<string> KnownWithStorage { get; } = [];

    public Task<HostPortrait> LookAsync(Host host, CancellationToken ct)
    {
        if (!Answers(host.Name) || CantBeLookedOver.Contains(host.Name)) throw new ActionFailedException("its munin-node does not answer");
        Unproven.Remove(host.Name);
        if (!WithoutStorage.Contains(host.Name)) KnownWithStorage.Add(host.Name);
        return Task.FromResult(new HostPortrait("Skylake", ["avx2"], host.Cpus, host.MemoryBytes, WithoutStorage.Contains(host.Name) ? [] : ["shared"]));
    }

    /// <summary>How each VM was moved last.</summary>
    public Dictionary<string, MigrationManner> Manners { get; } = [];

    /// <summary>VMs whose migration somebody has aborted.</summary>
    public List<string> Aborted { get; } = [];

    /// <summary>VMs of which two hosts have a part each.</summary>
    public HashSet<string> InParts { get; } = [];

    /// <summary>Hosts that no other host reaches.</summary>
    public HashSet<string> CutOff { get; } = [];

    /// <summary>VMs that do not run where they are: their guest stopped at an error, or somebody paused them.</summary>
    public HashSet<string> Paused { get; } = [];

    /// <summary>Hosts that take no VM, and say so when they are to.</summary>
    public HashSet<string> CantTake { get; } = [];

    /// <summary>How long hosts really take to boot; null: as long as their configuration says.</summary>
    public TimeSpan? BootTakes { get; set; }

    /// <summary>Hosts that are still on two minutes after they were asked to shut down.</summary>
    public HashSet<string> IgnoresShutdown { get; } = [];

    /// <summary>Hosts that are still on two minutes after they were asked to shut down, and are to be left so.</summary>
    public HashSet<string> IsLeftOn { get; } = [];

    private readonly HashSet<string> _restarted = [];

    private readonly Dictionary<string, DateTimeOffset> _bootedAt = [];

    /// <summary>VMs of which a paused copy is on that host: a migration that libvirt goes on with by itself.</summary>
    public Dictionary<string, string> Copying { get; } = [];

    /// <summary>What hypervisors list beside the truth: a VM on this host too, or (null) on none.</summary>
    public Dictionary<string, string?> Listed { get; } = [];

    /// <summary>How long the next observation takes from what it sees to its answer.</summary>
    public Func<TimeSpan> ObservationTakes { get; set; } = () => TimeSpan.Zero;

    public Func<string, MigrationFate> FateOf { get; set; } = _ => MigrationFate.Moves;

    /// <summary>Also reports progress long after the migration has ended, as a careless adapter may.</summary>
    public bool ReportsLate { get; set; }

    /// <summary>Called at each call that changes the site, before it does: <c>migrate</c>, <c>off</c>, <c>on</c>; VM or host; target.</summary>
    public event Action<string, string, string?>? Asked;

    /// <summary>When a poll last measured each host and VM: <c>host/h1</c>.</summary>
    public Dictionary<string, DateTimeOffset> MeasuredAt { get; } = new(StringComparer.Ordinal);

    /// <summary>Called whenever something has changed.</summary>
    public event Action<string>? Happened;

    public IEnumerable<string> VmsOn(string host) => _vms.Values.Where(v => v.Host == host).Select(v => v.Name);

    /// <summary>Somebody puts memory into a host.</summary>
    public void Grow(string host, int gib) => _hosts[host] = _hosts[host] with { MemoryBytes = gib * Some.GiB };

    /// <summary>Somebody else starts a VM, or moves one.</summary>
    public void Put(Vm vm)
    {
        _vms[vm.Name] = vm;
        FilledFromOutside.Add(vm.Host);
        Happened?.Invoke($"vm {vm.Name} put on {vm.Host} from outside");
    }

    /// <summary>It crashes and is up again before anybody looks.</summary>
    public void Restart(string host)
    {
        PullPlug(host);
        Become(host, HostState.On);
        _restarted.Add(host);
    }

    /// <summary>Nobody has asked for as long as a hypervisor's own word on it counts.</summary>
    public void ForgetRestarts() => _restarted.Clear();

    /// <summary>Its power goes, and with it what runs there.</summary>
    public void PullPlug(string host)
    {
        foreach (var vm in VmsOn(host).ToList()) _vms.Remove(vm);
        Become(host, HostState.Off);
    }

    public Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        var memory = reads.Contains(PolicyAttribute.HostMemory);
        foreach (var host in _hosts.Values.Where(h => Answers(h.Name) && !Unmeasured.Contains(h.Name)))
        {
            var used = 0.0;
            foreach (var vm in VmsOn(host.Name).Select(v => _vms[v]))
            {
                if (vmCpu(vm.Name, Now) is not { } cpu) continue;
                used += vm.CpuDemand(cpu);
                measurements.Add(new(vm.Ref, PolicyAttribute.VmCpu, Clock.GetUtcNow(), cpu));
                MeasuredAt[vm.Ref.ToString()] = Now;
            }

            MeasuredAt[host.Ref.ToString()] = Now;
            if (memory) measurements.Add(new(host.Ref, PolicyAttribute.HostMemory, Clock.GetUtcNow(), 100.0 * VmsOn(host.Name).Sum(v => _vms[v].MemoryBytes) / host.MemoryBytes));
            measurements.Add(new(host.Ref, PolicyAttribute.HostCpu, Clock.GetUtcNow(), Math.Min(100, used / host.CpuCapacity * 100)));
        }

        // A host that shuts down still answers a poll.
        var seen = _hosts.Values.Select(h => h.State == HostState.PoweringOff ? h with { State = HostState.On } : Silent.Contains(h.Name) && h.State == HostState.On ? h with { State = HostState.Unreachable } : h);
        ImmutableHashSet<string> restarted = [.. _restarted];
        _restarted.Clear();
        return After(ObservationTakes(), new Observation(new Site(seen, _vms.Values), measurements.ToImmutable(), [])
        {
            Restarted = restarted,
            Uptimes = _hosts.Keys.Where(Answers).ToImmutableDictionary(h => h, h => Now - _bootedAt.GetValueOrDefault(h, Some.Monday.AddDays(-9))),
        }, ct);
    }

    public Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct)
    {
        Asked?.Invoke("migrate", vm.Name, to.Name);
        if (Migrating.ContainsKey(vm.Name)) throw new ActionFailedException($"vm {vm.Name} is migrating already");
        if (_vms.GetValueOrDefault(vm.Name)?.Host != from.Name || !Answers(from.Name)) throw new ActionFailedException($"{from.Name} does not run vm {vm.Name}");
        if (!Answers(to.Name)) throw new TargetFailedException($"host {to.Name} does not answer", reached: false);
        if (CutOff.Contains(from.Name) || CutOff.Contains(to.Name)) throw new TargetFailedException($"{from.Name} can't reach {to.Name}", reached: false);
        if (CantTake.Contains(to.Name)) throw new TargetFailedException($"host {to.Name} has no such network", reached: true);
        var fate = FateOf(vm.Name);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Migrating.Add(vm.Name, (from.Name, to.Name));
        Manners[vm.Name] = manner;
        progress.Report(new MigrationProgress(10, vm.MemoryBytes) { PostCopy = fate is MigrationFate.IsInPostCopy or MigrationFate.BreaksInPostCopy });
        var takes = fate switch
        {
            MigrationFate.Hangs => Timeout.InfiniteTimeSpan,
            MigrationFate.ArrivesThoughAborted => TimeSpan.FromMinutes(4),
            MigrationFate.IsInPostCopy => TimeSpan.FromMinutes(40),
            _ => MigrationTakes,
        };
        var over = false;
        var timer = time.CreateTimer(_ => Arrive(), null, takes, Timeout.InfiniteTimeSpan);
        _breaks[vm.Name] = () =>
        {
            timer.Dispose();
            IsFirstEnd();
            end.TrySetException(new ActionFailedException("the connection broke"));
        };
        ct.Register(() =>
        {
            if (!over) Aborted.Add(vm.Name);
            if (fate == MigrationFate.ArrivesThoughAborted) end.TrySetCanceled(ct);
            if (fate == MigrationFate.ArrivesThoughAborted || !IsFirstEnd()) return;
            timer.Dispose();
            end.TrySetCanceled(ct);
        });
        return end.Task;

        // By its own account: a server that was killed gives up a migration that ended long ago, when the same VM may be on another way.
        bool IsFirstEnd() => !over && (over = Migrating.Remove(vm.Name));

        void Arrive()
        {
            if (!IsFirstEnd()) return;
            if (fate == MigrationFate.BreaksInPostCopy) InParts.Add(vm.Name);
            if (fate is MigrationFate.Moves or MigrationFate.IsInPostCopy or MigrationFate.ThrowsThoughItMoved or MigrationFate.ArrivesThoughAborted && _hosts[to.Name].State == HostState.On && _vms.ContainsKey(vm.Name))
            {
                _vms[vm.Name] = _vms[vm.Name] with { Host = to.Name };
                Happened?.Invoke($"vm {vm.Name} moved from {from.Name} to {to.Name}");
            }

            if (ReportsLate) time.CreateTimer(_ => progress.Report(new MigrationProgress(100, 0)), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
            if (fate is MigrationFate.Fails or MigrationFate.BreaksInPostCopy or MigrationFate.ThrowsThoughItMoved) end.TrySetException(new ActionFailedException("the connection broke"));
            else end.TrySetResult();
        }
    }

    public Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct)
    {
        if (!Migrating.ContainsKey(vm.Name)) throw new ActionFailedException($"vm {vm.Name} does not migrate");
        if (FateOf(vm.Name) != MigrationFate.ArrivesThoughAborted) _breaks[vm.Name]();
        return Task.CompletedTask;
    }

    public Task<bool> IsMovingOffAsync(Vm vm, Host from, CancellationToken ct) =>
        Answers(from.Name) ? Task.FromResult(Migrating.ContainsKey(vm.Name) || Copying.ContainsKey(vm.Name)) : throw new ActionFailedException($"host {from.Name} does not answer");

    public Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct) => Answers(host.Name)
        ? Task.FromResult<IReadOnlyList<RunningVm>>([.. VmsOn(host.Name).Where(v => Listed.GetValueOrDefault(v, "") is not null)
            .Concat(Listed.Where(l => l.Value == host.Name).Select(l => l.Key)).Where(v => !InParts.Contains(v)).Select(v => new RunningVm(v, null, Paused.Contains(v)))
            .Concat(InParts.Select(v => new RunningVm(v, null, Paused: true) { PostCopyFailed = true }))
            .Concat(Copying.Where(c => c.Value == host.Name).Select(c => new RunningVm(c.Key, null, Paused: true) { Incoming = true }))
            .Concat(Migrating.Where(m => m.Value.To == host.Name).Select(m => new RunningVm(m.Key, null, Paused: true) { Incoming = true }))])
        : throw new ActionFailedException($"host {host.Name} does not answer");

    public Task<PowerState> StateAsync(Host host, CancellationToken ct) => Task.FromResult(
        BmcRefuses.Contains(host.Name) ? PowerState.Unknown
        : _hosts[host.Name].State == HostState.Off || BmcLies.Contains(host.Name) ? PowerState.Off : PowerState.On);

    public Task PowerOffAsync(Host host, CancellationToken ct)
    {
        if (CantBeTold.Contains(host.Name)) throw new ActionFailedException("ipmitool can't be run") { NothingSent = true };
        Asked?.Invoke("off", host.Name, null);
        if (BmcRefuses.Contains(host.Name)) throw new ActionFailedException($"the BMC of {host.Name} refuses");
        if (BmcLies.Contains(host.Name)) return Task.CompletedTask;
        if (IgnoresShutdown.Contains(host.Name)) return StillOnAsync(new StillOnException($"{host.Name} is still on"));
        if (IsLeftOn.Contains(host.Name)) return StillOnAsync(new LeftOnException($"{host.Name} is still on; its power is not cut"));
        if (BmcIsLate.Contains(host.Name))
        {
            GoingOff.Add(host.Name);
            time.CreateTimer(_ => GoOff(host.Name), null, BmcIsLateBy, Timeout.InfiniteTimeSpan);
            throw new ActionFailedException($"the BMC of {host.Name} does not answer in time");
        }

        Become(host.Name, HostState.PoweringOff);
        var off = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        time.CreateTimer(_ => { GoOff(host.Name); off.TrySetResult(); }, null, ShutdownTakes, Timeout.InfiniteTimeSpan);
        ct.Register(() => off.TrySetCanceled(ct));
        return off.Task;
    }

    /// <summary>Hosts that sleep: they do not answer, and their BMC says that they are on.</summary>
    public HashSet<string> Asleep { get; } = [];

    public HashSet<string> CantSuspend { get; } = [];

    public Task SuspendAsync(Host host, CancellationToken ct)
    {
        Asked?.Invoke("suspend", host.Name, null);
        if (CantSuspend.Contains(host.Name)) throw new NotSupportedByHostException($"{host.Name} can't suspend");
        Asleep.Add(host.Name);
        Silent.Add(host.Name);
        Happened?.Invoke($"host {host.Name} sleeps");
        return Task.CompletedTask;
    }

    public Task CutPowerAsync(Host host, CancellationToken ct)
    {
        Asked?.Invoke("cut", host.Name, null);
        if (BmcRefuses.Contains(host.Name)) throw new ActionFailedException($"the BMC of {host.Name} refuses");
        if (!BmcLies.Contains(host.Name)) GoOff(host.Name);
        return Task.CompletedTask;
    }

    private async Task StillOnAsync(ActionFailedException end)
    {
        await After(TimeSpan.FromMinutes(2), true, CancellationToken.None);
        throw end;
    }

    public Task PowerOnAsync(Host host, CancellationToken ct)
    {
        Asked?.Invoke("on", host.Name, null);
        if (BmcRefuses.Contains(host.Name)) throw new ActionFailedException($"the BMC of {host.Name} refuses");
        if (NeverBoots.Contains(host.Name) || BmcLies.Contains(host.Name)) return Task.CompletedTask;
        if (Asleep.Remove(host.Name)) Silent.Remove(host.Name);
        if (_hosts[host.Name].State != HostState.Off) return Task.CompletedTask;
        Become(host.Name, HostState.PoweringOn);
        time.CreateTimer(_ => { if (_hosts[host.Name].State == HostState.PoweringOn) Become(host.Name, HostState.On); }, null, BootTakes ?? _hosts[host.Name].BootTime, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <summary>The host stops with all it runs, and the migrations from and to it break.</summary>
    public void Crash(string host)
    {
        if (_hosts[host].State is HostState.Off or HostState.Unreachable) return;
        BreakMigrationsOf(host);
        Become(host, HostState.Unreachable, ", from outside");
    }

    /// <summary>It crashes and is up again before anybody looks; of its VMs those that start with it run anew, and the others do not.</summary>
    public void CrashAndReturn(string host, Func<string, bool> startsWithHost)
    {
        if (_hosts[host].State != HostState.On || Asleep.Contains(host)) return;
        Crash(host);
        foreach (var vm in VmsOn(host).Where(v => !startsWithHost(v)).ToList())
        {
            StoppedFromOutside.Add(vm);
            _vms.Remove(vm);
        }

        _restarted.Add(host);
        Return(host);
    }

    /// <summary>The link between it and the others breaks.</summary>
    public void BreakMigrationsOf(string host)
    {
        foreach (var (vm, (from, to)) in Migrating.ToList()) if (from == host || to == host) _breaks[vm]();
    }

    /// <summary>A host that crashed is back, and runs what it ran.</summary>
    public void Return(string host)
    {
        if (_hosts[host].State == HostState.Unreachable) Become(host, HostState.On, ", from outside");
    }

    /// <summary>Somebody stops a VM.</summary>
    public void Stop(string vm)
    {
        if (Migrating.ContainsKey(vm)) _breaks[vm]();
        StoppedFromOutside.Add(vm);
        if (_vms.Remove(vm)) Happened?.Invoke($"vm {vm} stopped from outside");
    }

    private void GoOff(string host)
    {
        GoingOff.Remove(host);
        if (_hosts[host].State != HostState.Unreachable) Become(host, HostState.Off);
    }

    /// <summary>A copy that libvirt went on with has arrived.</summary>
    public void Arrive(string vm)
    {
        _vms[vm] = _vms[vm] with { Host = Copying[vm] };
        Copying.Remove(vm);
        Happened?.Invoke($"vm {vm} arrived on {_vms[vm].Host}");
    }

    private bool Answers(string host) => _hosts[host].State == HostState.On && !Silent.Contains(host);

    public void Become(string host, HostState state, string how = "")
    {
        if (state == HostState.On && _hosts[host].State is HostState.Off or HostState.PoweringOn)
        {
            Unproven.Add(host);
            _bootedAt[host] = Now;
            if (LosesStorage.Contains(host)) WithoutStorage.Add(host);
        }

        _hosts[host] = _hosts[host] with { State = state };
        Happened?.Invoke($"host {host} is {state}{how}");
    }

    private Task<T> After<T>(TimeSpan wait, T value, CancellationToken ct)
    {
        if (wait <= TimeSpan.Zero) return Task.FromResult(value);
        var end = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        time.CreateTimer(_ => end.TrySetResult(value), null, wait, Timeout.InfiniteTimeSpan);
        ct.Register(() => end.TrySetCanceled(ct));
        return end.Task;
    }
}
