namespace Ulm.PlanetLab.Reference;

/// <summary>A host in a plan: what it would carry if the plan were carried out.</summary>
internal sealed class PaperHost(ReferenceHost real)
{
    private readonly double[] _history = new double[ReferenceVm.HistoryLength];
    private readonly double[] _trial = new double[ReferenceVm.HistoryLength];

    public ReferenceHost Real => real;

    public List<ReferenceVm> Vms { get; } = [];

    /// <summary>MIPS its VMs ask for.</summary>
    public double Demand { get; private set; }

    /// <summary>MIPS its VMs get.</summary>
    public double Planned { get; private set; }

    public double Free { get; private set; }

    public double MB { get; private set; }

    /// <summary>As the host stands.</summary>
    public PaperHost Load()
    {
        Vms.Clear();
        Vms.AddRange(real.Vms);
        Planned = Vms.Select((_, i) => real.AllocatedAt(i)).Sum();
        Free = real.Free;
        AddUp();
        return this;
    }

    public void Add(ReferenceVm vm)
    {
        Vms.Add(vm);
        Planned += vm.Demand;
        Free -= vm.Demand;
        Demand += vm.Demand;
        MB += vm.MB;
        AddHistory(_history, vm);
    }

    /// <summary>For hosts that no VM is placed on any more: only what detectors read is kept true.</summary>
    public void Remove(ReferenceVm vm)
    {
        Vms.Remove(vm);
        AddUp();
    }

    /// <summary>To undo additions; the last one saved is the first to be restored.</summary>
    public State Save() => new(Vms.Count, Demand, Planned, Free, MB, [.. _history]);

    public void Restore(State before)
    {
        Vms.RemoveRange(before.Vms, Vms.Count - before.Vms);
        (Demand, Planned, Free, MB) = (before.Demand, before.Planned, before.Free, before.MB);
        before.History.CopyTo(_history, 0);
    }

    public bool IsOverloaded(IDetector detector) => detector.Fires(Demand / real.Capacity, Trimmed(_history));

    public bool WouldBeOverloaded(IDetector detector, ReferenceVm newcomer)
    {
        var utilisation = (Demand + newcomer.Demand) / real.Capacity;
        if (!detector.ReadsHistory) return detector.Fires(utilisation, []);
        _history.CopyTo(_trial, 0);
        AddHistory(_trial, newcomer);
        return detector.Fires(utilisation, Trimmed(_trial));
    }

    private void AddUp()
    {
        Demand = Vms.Sum(v => v.Demand);
        MB = Vms.Sum(v => v.MB);
        Array.Clear(_history);
        foreach (var vm in Vms) AddHistory(_history, vm);
    }

    private void AddHistory(double[] sums, ReferenceVm vm)
    {
        var i = 0;
        foreach (var share in vm.History) sums[i++] += share * vm.Mips / real.Capacity;
    }

    private static ReadOnlySpan<double> Trimmed(double[] sums)
    {
        var length = sums.Length;
        while (length > 1 && sums[length - 1] == 0) length--;
        return sums.AsSpan(0, length);
    }

    public sealed record State(int Vms, double Demand, double Planned, double Free, double MB, double[] History);
}
