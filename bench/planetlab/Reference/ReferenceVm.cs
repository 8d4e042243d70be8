using Ulm.Engine.Inventory;

namespace Ulm.PlanetLab.Reference;

/// <summary>A VM of the experiment, with the load of its trace.</summary>
internal sealed class ReferenceVm(int number, Vm spec, TraceRow trace)
{
    /// <summary>Values a VM remembers, one a tick.</summary>
    public const int HistoryLength = 30;

    private const double SampleSeconds = 300;

    private readonly LinkedList<double> _history = new();

    public int Number => number;

    public string Name => spec.Name;

    public double Mips => spec.CpuMips;

    public double MB => spec.MemoryBytes / (double)(1 << 20);

    /// <summary>Where it runs; while it moves, the source.</summary>
    public ReferenceHost Host { get; set; } = null!;

    public bool IsMoving { get; set; }

    /// <summary>MIPS it asks for at the instant last told.</summary>
    public double Demand { get; private set; }

    /// <summary>Shares of its own MIPS at the last ticks, newest first.</summary>
    public IEnumerable<double> History => _history;

    /// <summary>Linear between two samples; the last one stands for the one after it.</summary>
    public void TellTime(double seconds)
    {
        var before = (int)Math.Floor(seconds / SampleSeconds);
        var (from, to) = (Sample(before), Sample(before + 1));
        Demand = Mips * (from + (to - from) / SampleSeconds * (seconds - before * SampleSeconds));
    }

    public void Remember()
    {
        _history.AddFirst(Demand / Mips);
        if (_history.Count > HistoryLength) _history.RemoveLast();
    }

    private double Sample(int index) => trace.Percent[Math.Min(index, TraceDay.Samples - 1)] / 100.0;
}
