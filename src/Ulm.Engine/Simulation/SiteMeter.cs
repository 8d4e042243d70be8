using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>
/// Adds up what a simulated site used and suffered. The caller takes a picture before time goes on and
/// accounts for it after; between the two everything is constant. Metrics as A. Beloglazov and R. Buyya define them (Concurrency and Computation 24(13), 2012).
/// </summary>
internal sealed class SiteMeter(SimulatedSite site, TimeProvider time)
{
    /// <summary>A migration costs its VM this share of its CPU (the paper's estimate).</summary>
    private const double MigrationCost = 0.1;

    private readonly Dictionary<string, Host> _hostsAtStart = site.Now.Hosts.ToDictionary(h => h.Name);
    private readonly Dictionary<string, string> _placementAtStart = site.Now.Vms.ToDictionary(v => v.Name, v => v.Host);
    private readonly Dictionary<string, (double Saturated, double Active)> _hostTime = [];
    private readonly Dictionary<string, (double Degraded, double Requested)> _vmWork = [];
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private DateTimeOffset _last = time.GetUtcNow();
    private double _joules;
    private double _joulesUntouched;
    private double _hostSeconds;
    private Picture _picture = new(site);

    /// <summary>Told of every stretch that was accounted for: together they are the whole run.</summary>
    public Action<MeteredStretch>? Metered { get; set; }

    public double EnergyKWh => _joules / 3.6e6;

    /// <summary>The same load had no VM moved and no host been switched.</summary>
    public double EnergyKWhWithoutPolicies => _joulesUntouched / 3.6e6;

    public double MeanHostsOn => _last > _start ? _hostSeconds / (_last - _start).TotalSeconds : 0;

    /// <summary>SLA violation time per active host: mean over hosts of the share of their active time with CPU at 100 %. A fraction.</summary>
    public double Slatah => _hostTime.Count == 0 ? 0 : _hostTime.Values.Average(h => h.Active > 0 ? h.Saturated / h.Active : 0);

    /// <summary>Performance degradation by migrations: mean over VMs of CPU lost to it, as a share of CPU asked for. A fraction.</summary>
    public double Pdm => _vmWork.Count == 0 ? 0 : _vmWork.Values.Average(v => v.Requested > 0 ? v.Degraded / v.Requested : 0);

    /// <summary>Accounts for the time since the last call, with the loads and places as they were then.</summary>
    public void Account()
    {
        var now = time.GetUtcNow();
        var seconds = (now - _last).TotalSeconds;
        if (seconds > 0) Add(seconds);
        _last = now;
    }

    /// <summary>Takes note of loads and places as they are now; they hold until the next <see cref="Account"/>.</summary>
    public void Look() => _picture = new Picture(site);

    private void Add(double seconds)
    {
        var used = new Dictionary<string, double>(StringComparer.Ordinal);
        var usedUntouched = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (vm, demand, migrating) in _picture.Vms)
        {
            used[vm.Host] = used.GetValueOrDefault(vm.Host) + demand;
            if (_placementAtStart.TryGetValue(vm.Name, out var first)) usedUntouched[first] = usedUntouched.GetValueOrDefault(first) + demand;
            var work = _vmWork.GetValueOrDefault(vm.Name);
            _vmWork[vm.Name] = (work.Degraded + (migrating ? demand * MigrationCost * seconds : 0), work.Requested + demand * seconds);
        }

        var (watts, wattsUntouched) = (0.0, 0.0);
        foreach (var host in _picture.Hosts)
        {
            var draw = Watts(host, used.GetValueOrDefault(host.Name));
            watts += draw;
            _joules += draw * seconds;
            if (host.State == HostState.Off) continue;
            _hostSeconds += seconds;
            if (used.GetValueOrDefault(host.Name) <= 0) continue;
            var spent = _hostTime.GetValueOrDefault(host.Name);
            _hostTime[host.Name] = (spent.Saturated + (used[host.Name] >= host.CpuCapacity ? seconds : 0), spent.Active + seconds);
        }

        foreach (var host in _hostsAtStart.Values)
        {
            var draw = Watts(host, usedUntouched.GetValueOrDefault(host.Name));
            wattsUntouched += draw;
            _joulesUntouched += draw * seconds;
        }

        Metered?.Invoke(new MeteredStretch(_last, TimeSpan.FromSeconds(seconds), _picture.Hosts, used, watts, wattsUntouched));
    }

    private static double Watts(Host host, double mips) => host.State == HostState.Off ? host.Power.OffWatts : host.Power.At(mips / host.CpuCapacity);

    /// <summary>Who was where and wanted what, at one instant.</summary>
    private sealed class Picture(SimulatedSite site)
    {
        public IReadOnlyList<Host> Hosts { get; } = site.Now.Hosts;

        public IReadOnlyList<(Vm Vm, double Demand, bool Migrating)> Vms { get; } =
            [.. site.Now.Vms.Select(v => (v, v.CpuDemand(site.CpuOf(v)), site.Migrating.ContainsKey(v.Name)))];
    }
}
