using System.CommandLine;
using System.Text.Json;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;
using Ulm.Server.Api;
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
        var command = new Command("plan", "Show what one look would do now, on a snapshot or on the running server. Nothing is done.")
        {
            policies, site, at, zone, socket, format,
        };
        command.SetAction(async (result, ct) => (result.GetValue(policies), result.GetValue(site)) switch
        {
            ({ Length: > 0 } paths, { } file) => OnSnapshot(terminal, paths, file, result.GetValue(at), TimeText.Zone(result.GetValue(zone)), result.GetValue(format)),
            (null or { Length: 0 }, null) => await PlanFromServer.RunAsync(terminal, result.GetValue(socket)!, result.GetValue(format), ct),
            _ => throw new CommandFailedException("plan takes --policies and --site together, or neither to ask the running server"),
        });
        return command;
    }

    private static int OnSnapshot(Terminal terminal, string[] paths, string siteFile, string? time, TimeZoneInfo given, OutputFormat format)
    {
        var policies = PolicyFiles.LoadSound(paths, terminal, given);
        var snapshot = SiteFile.Read(siteFile);
        var zone = policies.TimeZone ?? given;
        var at = time is null ? TimeProvider.System.GetUtcNow() : TimeText.Parse(time, "--at", zone);
        var facts = SnapshotFacts.Of(snapshot, PolicyReads.Of(policies), at);
        var look = Preview.OfSnapshot(policies, facts, PlacementLimits.Default, zone);
        if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(PlanDocument.Of(look.Plan), CommonOptions.Json));
        else
        {
            PlanText.Print(terminal, PlanDocument.Of(look.Plan), look.Outvoted, $"{siteFile} at {TimeText.Local(at, zone)} {zone.Id}");
            PlanText.PrintNotDue(terminal, policies, at, zone, HaveOnLeads.OfSite(facts, siteFile));
        }

        return look.Plan.Steps.IsEmpty ? ExitCode.Clean : ExitCode.No;
    }
}
