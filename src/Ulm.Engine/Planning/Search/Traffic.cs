using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>What VMs read, write and send: bytes a second. Known of all of them, or taken as nothing: half-known figures would draw VMs to where they are not known.</summary>
internal sealed class Traffic
{
    private readonly SiteFacts _facts;
    private readonly bool _disk;
    private readonly bool _network;

    public Traffic(Placement placement, IReadOnlyCollection<Host> hosts)
    {
        _facts = placement.Facts;
        var vms = hosts.SelectMany(placement.VmsOn).ToList();
        _disk = vms.TrueForAll(v => IsKnown(v, PolicyAttribute.VmDiskRead) && IsKnown(v, PolicyAttribute.VmDiskWrite));
        _network = vms.TrueForAll(v => IsKnown(v, PolicyAttribute.VmNetIn) && IsKnown(v, PolicyAttribute.VmNetOut));
    }

    public double OfDisk(Vm vm) => _disk ? Value(vm, PolicyAttribute.VmDiskRead) + Value(vm, PolicyAttribute.VmDiskWrite) : 0;

    public double OfNetwork(Vm vm) => _network ? Value(vm, PolicyAttribute.VmNetIn) + Value(vm, PolicyAttribute.VmNetOut) : 0;

    private bool IsKnown(Vm vm, PolicyAttribute attribute) => _facts.Read(vm.Ref, attribute).IsKnown;

    private double Value(Vm vm, PolicyAttribute attribute) => _facts.Read(vm.Ref, attribute).Value;
}
