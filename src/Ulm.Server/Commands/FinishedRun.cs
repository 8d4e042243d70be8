using System.Diagnostics;
using Ulm.Engine.Simulation;
using Ulm.Server.Reports;

namespace Ulm.Server.Commands;

/// <summary>A simulation that has run to its end, with all that is told of it.</summary>
/// <param name="Series">Null where nobody asked for a report.</param>
internal sealed record FinishedRun(SimulationSettings Settings, SimulationResult Result, DecisionLog Log, RunSeries? Series, TimeSpan Wall)
{
    /// <param name="watch">Called before the run begins, with what can be followed.</param>
    public static FinishedRun Of(SimulationSettings settings, bool withSeries, Action<DecisionLog> watch, CancellationToken ct)
    {
        var simulator = new Simulator(settings.ToRequest());
        var log = new DecisionLog(simulator.Loop);
        simulator.FaultHappened += log.Note;
        var recorder = withSeries ? new SeriesRecorder(settings) : null;
        if (recorder is not null) simulator.Metered += recorder.Take;
        watch(log);
        var clock = Stopwatch.StartNew();
        var result = simulator.Run(ct);
        ct.ThrowIfCancellationRequested();
        return new FinishedRun(settings, result, log, recorder?.Series(), clock.Elapsed);
    }
}
