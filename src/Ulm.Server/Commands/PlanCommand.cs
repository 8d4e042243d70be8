using System.CommandLine;
using System.Text.Json;
using Ulm.Engine.Loop;
using Ulm.Engine.Rules;
using Ulm.Server.Api;
using Ulm.Server.Configuration;
using Ulm.Server.Policies;
using Ulm.Server.Schedules;

namespace Ulm.Server.Commands;

/// <summary><c>plan</c>: what one look would do now. Nothing is done.</summary>
public static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var (policies, site) = (FileOptions.Policies(required: false), FileOptions.Site(required: false));
        var at = FileOptions.Time("--at", "Plan as of this time, which decides what schedules are due; now, if not given");
        var (zone, format, socket) = (FileOptions.Zone(), CommonOptions.Format(), CommonOptions.Socket());
        var config = FileOptions.Config("its policies, if none are named, limits, solver, mode and time zone");
        var command = new Command("plan", "Show what one look would do now, on a snapshot or on the running server. Nothing is done. Exit code 2: there are steps to be done; 0: there are none, also where nothing is known or all was refused.")
        {
            policies, site, config, at, zone, socket, format,
        };
        command.SetAction(async (result, ct) => (result.GetValue(policies), result.GetValue(site), result.GetValue(config)) switch
        {
            (var paths, { } file, var toml) when toml is not null || paths is { Length: > 0 } =>
                OnSnapshot(terminal, paths, file, FileOptions.Server(toml, result.GetValue(zone)), result.GetValue(at), result.GetValue(format)),
            (null or { Length: 0 }, null, null) when result.GetValue(at) is not null || result.GetValue(zone) is not null =>
                throw new CommandFailedException(FileOptions.OfNow("plan")),
            (null or { Length: 0 }, null, null) => await PlanFromServer.RunAsync(terminal, result.GetValue(socket)!, result.GetValue(format), ct),
            _ => throw new CommandFailedException("plan takes --site with --policies, --config or both, or none of them to ask the running server"),
        });
        return command;
    }

    private static int OnSnapshot(Terminal terminal, string[]? paths, string siteFile, (ServerConfig? Server, SiteClock Clock) settings, string? time, OutputFormat format)
    {
        var (given, options) = (settings.Clock.Zone, settings.Server?.Loop ?? new LoopOptions());
        var policies = PolicyFiles.LoadSoundFiles(FileOptions.PathsOf(paths, settings.Server), terminal, settings.Clock).Result.Policies;
        var snapshot = SiteFile.Read(siteFile);
        foreach (var note in snapshot.Notes) terminal.Error.WriteLine($"note: {note}");
        var zone = policies.TimeZone ?? given;
        var at = time is null ? TimeProvider.System.GetUtcNow() : TimeText.Parse(time, "--at", zone);
        var facts = SnapshotFacts.Of(snapshot, PolicyReads.Of(policies), at, settings.Clock.PollingInterval);
        var look = Preview.OfSnapshot(policies, facts, options.Limits, zone, options.Mode, options.Planner);
        var plan = PlanDocument.Of(look.Plan, facts.Site).On(facts, PolicyReads.Of(policies), []);
        if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(plan, CommonOptions.Json));
        else
        {
            PlanText.Print(terminal, plan, look.Outvoted, $"{siteFile} at {TimeText.Local(at, zone)} {zone.Id}");
            PlanText.PrintNotDue(terminal, policies, at, zone, HaveOnLeads.OfSite(facts, siteFile));
        }

        return look.Plan.Steps.IsEmpty ? ExitCode.Clean : ExitCode.No;
    }
}
