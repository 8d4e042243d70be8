using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;

namespace Ulm.Server.Snapshots;

/// <summary>Recorded figures of one attribute, <c>ulm.trace/1</c>.</summary>
/// <param name="Attribute">What was recorded.</param>
/// <param name="Start">Of the first value.</param>
/// <param name="Step">From one value to the next.</param>
/// <param name="Length">Values in each row.</param>
/// <param name="Series">By name of the host or VM, in the attribute's unit: per cent, bytes, bytes per second, seconds, watts; NaN where the trace has none.</param>
public sealed record Trace(PolicyAttribute Attribute, DateTimeOffset Start, TimeSpan Step, int Length, IReadOnlyDictionary<string, double[]> Series)
{
    public const string Schema = "ulm.trace/1";

    public TimeSpan Duration => Step * Length;

    public DateTimeOffset End => Start + Duration;

    public bool IsLoad => Attribute == PolicyAttribute.VmCpu;

    /// <summary>Of a trace of <c>vm.cpu</c>, which drives the load itself.</summary>
    /// <param name="otherwise">For VMs that have no row.</param>
    public ILoadModel ToLoad(ILoadModel otherwise) => new TraceLoad(Start, Step, Series, otherwise);

    /// <summary>Of all other traces: puts the rows where the simulated site finds them. Like a load, they begin again after the end.</summary>
    public void AddTo(MetricReplay replay)
    {
        foreach (var (name, values) in Series) replay.Add(new SubjectRef(Attribute.Subject, name), Attribute, Start, Step, values, repeats: true);
    }
}
