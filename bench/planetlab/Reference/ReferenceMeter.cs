using Ulm.Engine.Simulation;

namespace Ulm.PlanetLab.Reference;

/// <summary>Energy and service of a reference run, in ULM's own accounts. What stands in a record holds until the next.</summary>
internal sealed class ReferenceMeter(IReadOnlyList<ReferenceHost> hosts, IReadOnlyList<ReferenceVm> vms, ReferenceRules rules)
{
    private readonly EnergyAccount _energy = new();
    private readonly SlaAccount _sla = new();
    private readonly HostRecord?[] _hosts = new HostRecord?[hosts.Count];
    private readonly VmRecord?[] _vms = new VmRecord?[vms.Count];

    // Before the first record every host counts as on.
    private readonly bool[] _wasOn = [.. hosts.Select(_ => true)];

    public double EnergyKWh => _energy.KWh;

    public double Slatah => _sla.SlatahOfAllTime;

    public double Pdm => _sla.PdmOfAllWork;

    public int Shutdowns { get; private set; }

    public double HostSecondsOn { get; private set; }

    /// <summary>Host time in which no CPU was left.</summary>
    public double SaturatedSeconds { get; private set; }

    /// <param name="before">What the host used when last measured, as a share of its CPU; what it uses now is taken from the host.</param>
    public void Meter(ReferenceHost host, double before, double seconds) => _energy.Add(host.Spec.Power, before, host.Utilisation, seconds);

    /// <summary>Notes how a host and its VMs stand. Of several notes at one instant the last one counts.</summary>
    public void Record(ReferenceHost host, double now)
    {
        if (_hosts[host.Number] is { } last && now > last.At) Close(host, last, now - last.At);
        _hosts[host.Number] = new HostRecord(now, host.Used, host.Requested, rules.IsOn(host), host.Free <= 0);
        for (var i = 0; i < host.Vms.Count; i++)
        {
            if (!host.Incoming.Contains(host.Vms[i])) Record(host.Vms[i], host.AllocatedAt(i), now);
        }
    }

    /// <summary>To be called once, after the last record.</summary>
    public void Close()
    {
        foreach (var host in hosts.Where(h => _hosts[h.Number] is not null)) Close(host, _hosts[host.Number]!.Value, 0);
    }

    private void Close(ReferenceHost host, HostRecord record, double seconds)
    {
        if (_wasOn[host.Number] && !record.IsOn) Shutdowns++;
        _wasOn[host.Number] = record.IsOn;
        if (record.IsOn) HostSecondsOn += seconds;
        if (record.Used > 0) _sla.HostWasActive(host.Spec.Name, seconds, record.Used < record.Requested);
        if (record.IsSaturated) SaturatedSeconds += seconds;
    }

    private void Record(ReferenceVm vm, double allocated, double now)
    {
        if (_vms[vm.Number] is { } last && now > last.At)
            _sla.VmRan(vm.Name, last.IsMoving ? Math.Max(0, last.Requested - last.Allocated) : 0, last.Requested, now - last.At);
        _vms[vm.Number] = new VmRecord(now, allocated, vm.Demand, vm.IsMoving);
    }

    private readonly record struct HostRecord(double At, double Used, double Requested, bool IsOn, bool IsSaturated);

    private readonly record struct VmRecord(double At, double Allocated, double Requested, bool IsMoving);
}
