using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Ulm.Engine.Simulation;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary><c>simulate</c>: the control loop over a site in virtual time.</summary>
public static class SimulateCommand
{
    public static Command Create(Terminal terminal)
    {
        var (policies, site, zone, format) = (FileOptions.Policies(required: true), FileOptions.Site(required: true), FileOptions.Zone(), CommonOptions.Format());
        var trace = new Option<string>("--trace") { Description = "Recorded load of the VMs, ulm.trace/1, .tsv or .tsv.gz; otherwise the snapshot's, unchanging", HelpName = "TRACE" };
        var from = FileOptions.Time("--from", "When to begin: the trace's start, or 2026-01-05T00:00:00Z, a Monday, if not given");
        var duration = FileOptions.Duration("--for", "How long: the trace's length, or 24h, if not given");
        var step = FileOptions.Duration("--step", "From one look to the next: the trace's step, or 60s, if not given");
        var seed = FileOptions.Number("--seed", "Load that follows the time of day, made from this number, for VMs without a trace", int.MinValue, int.MaxValue);
        var command = new Command("simulate", "Run the policies over a site in virtual time: decisions as they fall, then totals.")
        {
            policies, site, trace, from, duration, step, seed, zone, format,
        };
        command.SetAction((result, ct) =>
        {
            var arguments = new SimulateArguments(
                result.GetValue(from), result.GetValue(duration), result.GetValue(step), result.GetValue(seed), TimeText.Zone(result.GetValue(zone)));
            var set = PolicyFiles.LoadSound(result.GetValue(policies)!, terminal);
            var snapshot = SiteFile.Read(result.GetValue(site)!);
            var recorded = result.GetValue(trace) is { } file ? SiteFile.ReadTrace(file, snapshot.Site) : null;
            return Task.FromResult(Run(terminal, SimulationSettings.Of(set, snapshot, recorded, arguments), result.GetValue(format), ct));
        });
        return command;
    }

    private static int Run(Terminal terminal, SimulationSettings settings, OutputFormat format, CancellationToken ct)
    {
        foreach (var note in settings.Notes) terminal.Error.WriteLine($"note: {note}");
        var simulator = new Simulator(settings.ToRequest());
        var log = new DecisionLog(simulator.Loop);
        var text = format == OutputFormat.Text ? new SimulationText(terminal, settings, log) : null;
        var clock = Stopwatch.StartNew();
        var result = simulator.Run(ct);
        ct.ThrowIfCancellationRequested();
        if (text is not null) text.PrintTotals(result, clock.Elapsed);
        else terminal.Out.WriteLine(JsonSerializer.Serialize(SimulationDocument.Of(result, log.Taken, clock.Elapsed), CommonOptions.Json));
        return result.Violations.IsEmpty ? ExitCode.Clean : ExitCode.No;
    }
}
