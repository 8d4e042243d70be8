using Ulm.Engine.Inventory;

namespace Ulm.PlanetLab.Reference;

/// <summary>A host of the experiment: its VMs in order of arrival, and how its CPU is shared among them.</summary>
internal sealed class ReferenceHost(int number)
{
    /// <summary>A VM that moves out gets this share of its CPU, one that moves in the rest.</summary>
    private const double ShareAtSource = 0.9, ShareAtTarget = 0.1;

    private readonly List<double> _allocated = [];

    public int Number => number;

    public Host Spec { get; } = Machines.HostAt(number);

    public double Capacity => Spec.CpuCapacity;

    public List<ReferenceVm> Vms { get; } = [];

    /// <summary>Of <see cref="Vms"/> those that still run elsewhere.</summary>
    public HashSet<ReferenceVm> Incoming { get; } = [];

    /// <summary>MIPS not given to any VM.</summary>
    public double Free { get; private set; } = Machines.HostAt(number).CpuCapacity;

    /// <summary>MIPS in use, as last measured.</summary>
    public double Used { get; private set; }

    public double Utilisation => Used / Capacity;

    /// <summary>MIPS its VMs ask for, those that move in included.</summary>
    public double Requested { get; private set; }

    /// <summary>What a VM gets, by its place in <see cref="Vms"/>.</summary>
    public double AllocatedAt(int index) => _allocated[index];

    /// <summary>Takes out what asks for nothing and gets nothing: nobody else's share changes.</summary>
    public void RemoveGone()
    {
        for (var i = Vms.Count - 1; i >= 0; i--)
        {
            if (Vms[i].Demand > 0 || Vms[i].IsMoving) continue;
            Vms.RemoveAt(i);
            _allocated.RemoveAt(i);
        }
    }

    /// <summary>Shares the CPU anew. While it is enough, each VM gets what it asks for, at most one CPU; else all get the same fraction, in whole MIPS.</summary>
    public void Measure()
    {
        _allocated.Clear();
        Free = Capacity;
        for (var i = 0; i < Vms.Count; i++)
        {
            _allocated.Add(0);
            var counted = Counted(Vms[i]);
            if (Free >= counted)
            {
                _allocated[i] = Capped(Vms[i]) * ShareOf(Vms[i]);
                Free -= counted;
            }
            else
            {
                Scale(i);
                Free = 0;
            }
        }

        Used = Vms.Select((vm, i) => MovesOut(vm) ? _allocated[i] / ShareAtSource : _allocated[i]).Sum();
        Requested = Vms.Sum(vm => vm.Demand);
    }

    private void Scale(int last)
    {
        var scale = Capacity / Vms.Take(last + 1).Sum(Counted);
        for (var i = 0; i <= last; i++) _allocated[i] = Math.Floor(Capped(Vms[i]) * scale * ShareOf(Vms[i]));
    }

    private double Capped(ReferenceVm vm) => Math.Min(vm.Demand, Spec.CpuMips);

    private double Counted(ReferenceVm vm) => Incoming.Contains(vm) ? Capped(vm) * ShareAtTarget : Capped(vm);

    private double ShareOf(ReferenceVm vm) => Incoming.Contains(vm) ? ShareAtTarget : vm.IsMoving ? ShareAtSource : 1;

    private bool MovesOut(ReferenceVm vm) => vm.IsMoving && !Incoming.Contains(vm);
}
