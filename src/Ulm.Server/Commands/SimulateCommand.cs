using System.CommandLine;
using Ulm.Server.Policies;
using Ulm.Server.Reports;

namespace Ulm.Server.Commands;

/// <summary><c>simulate</c>: the control loop over a site in virtual time.</summary>
public static class SimulateCommand
{
    public static Command Create(Terminal terminal)
    {
        var (policies, site, zone, format) = (FileOptions.Policies(required: false), FileOptions.Site(required: true), FileOptions.Zone(), CommonOptions.Format());
        var config = FileOptions.Config("its policies, if none are named, limits, solver, mode, time zone and polling interval");
        var trace = new Option<string[]>("--trace") { Description = "Recorded figures, ulm.trace/1, .tsv or .tsv.gz, one file an attribute; without one of vm.cpu the load is the snapshot's, unchanging", HelpName = "TRACE", AllowMultipleArgumentsPerToken = true };
        var from = FileOptions.Time("--from", "When to begin: the trace's start, or 2026-01-05T00:00:00Z, a Monday, if not given");
        var duration = FileOptions.Duration("--for", "How long: the trace's length, or 24h, if not given");
        var step = FileOptions.Duration("--step", "From one look to the next: the trace's step, the configured polling interval, or 60s, if not given");
        var seed = FileOptions.Number("--seed", "Load that follows the time of day, made from this number, for VMs without a trace; and what --faults leaves to chance", int.MinValue, int.MaxValue);
        var faults = new Option<string>("--faults") { Description = "What shall go wrong, ulm.faults/1: hosts that crash, nodes and BMCs that are silent, migrations that fail", HelpName = "FILE" };
        var compare = new Option<string[]>("--compare") { Description = "Other policies to run on the same site and load, for comparison", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
        var report = new Option<string>("--report") { Description = "Write what happened as one self-contained HTML page", HelpName = "FILE" };
        var command = new Command("simulate", "Run the policies over a site in virtual time: decisions as they fall, then totals.")
        {
            policies, site, config, trace, from, duration, step, seed, faults, compare, report, zone, format,
        };
        command.SetAction((result, ct) =>
        {
            var (server, clock) = FileOptions.Server(result.GetValue(config), result.GetValue(zone));
            var arguments = new SimulateArguments(result.GetValue(from), result.GetValue(duration), result.GetValue(step), result.GetValue(seed), result.GetValue(faults), clock.Zone)
            {
                Server = server?.Loop,
            };
            var (paths, otherPaths) = (FileOptions.PathsOf(result.GetValue(policies), server), result.GetValue(compare) ?? []);
            var files = PolicyFiles.LoadSoundFiles(paths, terminal, clock);
            var others = otherPaths.Length == 0 ? null : PolicyFiles.LoadSoundFiles(otherPaths, terminal, clock);
            var siteFile = result.GetValue(site)!;
            var snapshot = SiteFile.Read(siteFile);
            var traceFiles = result.GetValue(trace) ?? [];
            var recorded = SiteFile.ReadTraces(traceFiles, snapshot.Site);
            var settings = SimulationSettings.Of(files.Result.Policies, snapshot, recorded, arguments);
            string?[] read = [siteFile, result.GetValue(config), arguments.Faults, .. traceFiles, .. files.Sources.Select(s => s.Name), .. others?.Sources.Select(s => s.Name) ?? []];
            using var page = result.GetValue(report) is { } target ? OutputFile.Open("--report", target, read.OfType<string>()) : null;
            var output = new SimulationOutput(terminal, result.GetValue(format), page is not null);
            var run = output.First(settings, ct);
            var other = others is null ? null : output.Second(settings.Under(others.Result.Policies, server is null && result.GetValue(zone) is null ? null : clock.Zone), ct);
            output.Print(run, other);
            page?.Write(ReportPage.Of(ReportDocument.Of(siteFile, new(paths, files, run), other is null ? null : new(otherPaths, others!, other))));
            return Task.FromResult(run.Result.Violations.IsEmpty && other?.Result.Violations.IsEmpty != false ? ExitCode.Clean : ExitCode.No);
        });
        return command;
    }
}
