using System.Collections.Frozen;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>
/// Adds up what a simulated site used and suffered. The caller takes a picture before time goes on and
/// accounts for it after; between the two everything is constant.
/// </summary>
/// <param name="untouched">The same site had no VM been moved and no host been switched; which VMs run, and what they ask for, is seen at <paramref name="site"/>.</param>
internal sealed class SiteMeter(SimulatedSite site, SimulatedSite untouched, TimeProvider time)
{
    /// <summary>A migration costs its VM this share of its CPU (the paper's estimate).</summary>
    private const double MigrationCost = 0.1;

    private readonly Dictionary<string, Host> _hostsAtStart = site.Now.Hosts.ToDictionary(h => h.Name);
    private readonly Dictionary<string, string> _placementAtStart = site.Now.Vms.ToDictionary(v => v.Name, v => v.Host);
    private readonly EnergyAccount _energy = new();
    private readonly EnergyAccount _energyUntouched = new();
    private readonly SlaAccount _sla = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private DateTimeOffset _last = time.GetUtcNow();
    private double _hostSeconds;
    private double _hostSecondsOff;
    private Picture _picture = new(site, untouched);

    /// <summary>Told of every stretch that was accounted for: together they are the whole run.</summary>
    public Action<MeteredStretch>? Metered { get; set; }

    public double EnergyKWh => _energy.KWh;

    /// <summary>The same load had no VM moved and no host been switched.</summary>
    public double EnergyKWhWithoutPolicies => _energyUntouched.KWh;

    public double HostHoursOff => _hostSecondsOff / 3600;

    public double MeanHostsOn => _last > _start ? _hostSeconds / (_last - _start).TotalSeconds : 0;

    /// <summary>A host counts as active while it has load, and as short of CPU at 100 %.</summary>
    public double Slatah => _sla.Slatah;

    public double Pdm => _sla.Pdm;

    /// <summary>Accounts for the time since the last call, with the loads and places as they were then.</summary>
    public void Account()
    {
        var now = time.GetUtcNow();
        var seconds = (now - _last).TotalSeconds;
        if (seconds > 0) Add(seconds);
        _last = now;
    }

    /// <summary>Takes note of loads and places as they are now; they hold until the next <see cref="Account"/>.</summary>
    public void Look() => _picture = new Picture(site, untouched);

    private void Add(double seconds)
    {
        var used = new Dictionary<string, double>(StringComparer.Ordinal);
        var usedUntouched = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (vm, use, wanted, migrating) in _picture.Vms)
        {
            used[vm.Host] = used.GetValueOrDefault(vm.Host) + use;
            if (_placementAtStart.TryGetValue(vm.Name, out var first) && !_picture.CrashedUntouched.Contains(first)) usedUntouched[first] = usedUntouched.GetValueOrDefault(first) + vm.CpuUse(wanted, _hostsAtStart[first]);
            _sla.VmRan(vm.Name, migrating ? use * MigrationCost : 0, use, seconds);
        }

        var (watts, wattsUntouched) = (0.0, 0.0);
        foreach (var host in _picture.Hosts)
        {
            watts += Watts(host, used.GetValueOrDefault(host.Name));
            if (host.State == HostState.Off) _hostSecondsOff += seconds;
            else if (host.State != HostState.Unreachable) _hostSeconds += seconds;
            if (used.GetValueOrDefault(host.Name) > 0) _sla.HostWasActive(host.Name, seconds, used[host.Name] >= host.CpuCapacity);
        }

        foreach (var host in _picture.HostsUntouched) wattsUntouched += Watts(host, usedUntouched.GetValueOrDefault(host.Name));
        _energy.Add(watts, seconds);
        _energyUntouched.Add(wattsUntouched, seconds);
        Metered?.Invoke(new MeteredStretch(_last, TimeSpan.FromSeconds(seconds), _picture.Hosts, used, watts, wattsUntouched));
    }

    /// <summary>A host that boots is taken to draw all it can: measured boots come near that, and none costs more.</summary>
    private static double Watts(Host host, double mips) => host.State switch
    {
        HostState.Off => host.Power.OffWatts,
        HostState.PoweringOn => host.Power.At(1),
        _ => host.Power.At(mips / host.CpuCapacity),
    };

    /// <summary>Who was where and used what, at one instant.</summary>
    private sealed class Picture(SimulatedSite site, SimulatedSite untouched)
    {
        public IReadOnlyList<Host> HostsUntouched { get; } = untouched.Now.Hosts;

        public IReadOnlySet<string> CrashedUntouched { get; } = untouched.Crashed.ToFrozenSet(StringComparer.Ordinal);

        public IReadOnlyList<Host> Hosts { get; } = site.Now.Hosts;

        public IReadOnlyList<(Vm Vm, double Use, double WantedPercent, bool Migrating)> Vms { get; } =
            [.. site.Now.Vms.Select(v => (v, site.CpuUse(v), site.CpuOf(v), site.Migrating.ContainsKey(v.Name)))];
    }
}
