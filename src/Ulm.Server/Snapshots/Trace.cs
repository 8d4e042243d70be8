using Ulm.Engine.Simulation;

namespace Ulm.Server.Snapshots;

/// <summary>Recorded CPU loads, <c>ulm.trace/1</c>.</summary>
/// <param name="Start">Of the first value.</param>
/// <param name="Step">From one value to the next.</param>
/// <param name="Length">Values in each row.</param>
/// <param name="Series">By VM name, per cent of the VM's own vCPUs; NaN where the trace has none.</param>
public sealed record Trace(DateTimeOffset Start, TimeSpan Step, int Length, IReadOnlyDictionary<string, double[]> Series)
{
    public const string Schema = "ulm.trace/1";

    public TimeSpan Duration => Step * Length;

    public DateTimeOffset End => Start + Duration;

    /// <param name="otherwise">For VMs that have no row.</param>
    public ILoadModel ToLoad(ILoadModel otherwise) => new TraceLoad(Start, Step, Series, otherwise);
}
