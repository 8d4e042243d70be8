using System.Collections.Frozen;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Marks;

/// <summary>
/// What is measured of a host once what is planned has come to pass, as far as it follows from the VMs that are there. Nothing is told of what does not:
/// swap, say, or a munin field.
/// </summary>
/// <param name="vm">One more VM that goes there; -1: none.</param>
internal readonly struct HostOutlook(Placement placement, int host, int vm)
{
    /// <summary>What a VM that comes changes at its new host: 1 where the figure rises, -1 where it sinks; and what it becomes.</summary>
    private static readonly FrozenDictionary<PolicyAttribute, (int Direction, Func<HostOutlook, double> Value)> Changed =
        new Dictionary<PolicyAttribute, (int, Func<HostOutlook, double>)>
        {
            [PolicyAttribute.HostCpu] = (1, o => o.Cpu * 100),
            [PolicyAttribute.HostLoad] = (1, o => o.Measured(PolicyAttribute.HostLoad, o.CpuShareOf)),
            [PolicyAttribute.HostMemory] = (1, o => Math.Max(100 * o.Held / o.Host.MemoryBytes, Known(o.Measured(PolicyAttribute.HostMemory, o.MemoryShareOf)))),
            [PolicyAttribute.HostMemoryFree] = (-1, o => o.Measured(PolicyAttribute.HostMemoryFree, v => -v.MemoryBytes) is var free && free < o.Host.MemoryBytes - o.Held ? free : o.Host.MemoryBytes - o.Held),
            [PolicyAttribute.HostVms] = (1, o => o.Vms),
            [PolicyAttribute.HostPower] = (1, o => o.Measured(PolicyAttribute.HostPower, _ => 0) + o.Host.Power.At(o.Cpu) - o.Host.Power.At(o.CpuMeasured)),
            [PolicyAttribute.HostNetIn] = (1, o => o.Traffic(PolicyAttribute.HostNetIn)),
            [PolicyAttribute.HostNetOut] = (1, o => o.Traffic(PolicyAttribute.HostNetOut)),
            [PolicyAttribute.HostDiskRead] = (1, o => o.Traffic(PolicyAttribute.HostDiskRead)),
            [PolicyAttribute.HostDiskWrite] = (1, o => o.Traffic(PolicyAttribute.HostDiskWrite)),
        }.ToFrozenDictionary();

    /// <summary>0: a VM that comes does not change it, or nobody knows how.</summary>
    public static int DirectionOf(PolicyAttribute? attribute) => attribute is not null && Changed.TryGetValue(attribute, out var changed) ? changed.Direction : 0;

    /// <summary>NaN: unknown.</summary>
    public double Of(PolicyAttribute attribute) => Changed[attribute].Value(this);

    private Host Host => placement.Site.Hosts[host];

    /// <summary>0 to 1.</summary>
    private double Cpu => (placement.CpuAt(host) + (vm < 0 ? 0 : Known(placement.DemandAt(vm)))) / Host.CpuCapacity;

    private double CpuMeasured => Known(placement.MeasuredCpu(Host).Value) / 100;

    private double Held => placement.MemoryAt(host) + (vm < 0 ? 0 : placement.Site.Vms[vm].MemoryBytes);

    private int Vms => placement.VmsAt(host).Length + placement.Constraints.InboundAt(host).Length + (vm < 0 ? 0 : 1);

    private double CpuShareOf(Vm of) => placement.Demand(of) / placement.Site.Hosts[host].CpuCapacity;

    private double MemoryShareOf(Vm of) => 100.0 * of.MemoryBytes / placement.Site.Hosts[host].MemoryBytes;

    private double Traffic(PolicyAttribute attribute)
    {
        var facts = placement.Facts;
        return Measured(attribute, of => facts.Read(of.Ref, attribute.OfVms!).Value);
    }

    /// <summary>As measured, with the parts of those who came since or are to come, and without those who are to go.</summary>
    private double Measured(PolicyAttribute attribute, Func<Vm, double> partOf)
    {
        var (site, facts) = (placement.Site, placement.Facts);
        var reading = facts.Read(Host.Ref, attribute);
        if (!reading.IsKnown) return double.NaN;
        var value = reading.Value + (vm < 0 ? 0 : Known(partOf(site.Vms[vm])));
        foreach (var v in placement.VmsAt(host))
            if (site.Vms[v].Host != Host.Name || (facts.ArrivedAt.TryGetValue(site.Vms[v].Name, out var came) && came > reading.At)) value += Known(partOf(site.Vms[v]));
        foreach (var v in placement.Constraints.InboundAt(host)) value += Known(partOf(site.Vms[v]));
        foreach (var was in site.VmsOn(Host.Name)) if (placement.HostOf(was) != Host) value -= Known(partOf(was));
        return value;
    }

    private static double Known(double part) => double.IsFinite(part) ? part : 0;
}
