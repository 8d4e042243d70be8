using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;
using Ulm.Server.Api;
using Ulm.Server.Configuration;
using Ulm.Server.Policies;
using Ulm.Server.Schedules;

namespace Ulm.Server.Commands;

/// <summary><c>schedule</c>: when each scheduled rule fires next, of files or of the running server.</summary>
public static class ScheduleCommand
{
    public const int DefaultCount = 5;

    public const int MostTimes = 1000;

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Policy files, or directories with *.ulm files; without any, the running server's", Arity = ArgumentArity.ZeroOrMore };
        var (site, zone, format, socket) = (FileOptions.Site(required: false), FileOptions.Zone(), CommonOptions.Format(), CommonOptions.Socket());
        var config = FileOptions.Config("its policies, if none are named, time zone and polling interval");
        var from = FileOptions.Time("--from", "Show times after this one; now, if not given");
        var count = FileOptions.Number("--count", $"How many times of each rule; {DefaultCount}, if not given", 1, MostTimes);
        var rule = new Option<string[]>("--rule") { Description = "Show this rule only; may be given several times", HelpName = "NAME", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("schedule", "Show the next times of every scheduled rule, local and UTC.") { paths, site, config, from, count, rule, zone, socket, format };
        command.SetAction(async (result, ct) =>
        {
            var (times, rules) = (result.GetValue(count) ?? DefaultCount, result.GetValue(rule) is { Length: > 0 } names ? names : null);
            var (files, toml) = (result.GetValue(paths), result.GetValue(config));
            var schedule = files is { Length: > 0 } || toml is not null
                ? OfFiles(files, FileOptions.Server(toml, result.GetValue(zone)), result.GetValue(site), result.GetValue(from), times, rules, terminal)
                : await OfServerAsync(result.GetValue(socket)!, result.GetValue(site), result.GetValue(zone), result.GetValue(from), times, rules, ct);
            if (result.GetValue(format) == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(schedule, CommonOptions.Json));
            else ScheduleText.Print(schedule, terminal);
            return ExitCode.Clean;
        });
        return command;
    }

    private static ScheduleDocument OfFiles(string[]? paths, (ServerConfig? Server, SiteClock Clock) settings, string? siteFile, string? from, int count, string[]? rules, Terminal terminal)
    {
        var policies = PolicyFiles.LoadSoundFiles(FileOptions.PathsOf(paths, settings.Server), terminal, settings.Clock).Result.Policies;
        var (zone, polled) = (policies.TimeZone ?? settings.Clock.Zone, settings.Clock.PollingInterval);
        var after = from is { } text ? TimeText.Parse(text, "--from", zone) : TimeProvider.System.GetUtcNow();
        var leads = siteFile is null ? HaveOnLeads.Assumed(polled) : HaveOnLeads.OfSite(SnapshotFacts.Of(SiteFile.Read(siteFile), PolicyReads.Of(policies), after, polled), siteFile);
        if (FaultOf(policies, rules) is { } fault) throw new CommandFailedException(fault);
        return ScheduleDocument.Of(policies, zone, after, count, leads, rules);
    }

    private static async Task<ScheduleDocument> OfServerAsync(string socket, string? siteFile, string? zone, string? from, int count, string[]? rules, CancellationToken ct)
    {
        if (siteFile is not null || zone is not null) throw new CommandFailedException($"{(siteFile is null ? "--timezone" : "--site")} is for policy files; the running server has its own");
        using var server = new ServerClient(socket);
        var question = $"{Endpoints.Schedule}?count={count.ToString(CultureInfo.InvariantCulture)}{string.Concat((rules ?? []).Select(r => $"&rule={Uri.EscapeDataString(r)}"))}";
        return await server.GetAsync<ScheduleDocument>(from is null ? question : $"{question}&from={Uri.EscapeDataString(from)}", ct);
    }

    /// <summary>A name that is not one of a scheduled rule; null: all are.</summary>
    internal static string? FaultOf(PolicySet policies, IReadOnlyCollection<string>? rules)
    {
        foreach (var name in rules ?? [])
        {
            if (policies.Rules.FirstOrDefault(r => r.Name == name) is not { } rule)
            {
                var nearest = NearestWord.Find(name, policies.Rules.Select(r => r.Name));
                return $"--rule: there is no rule `{name}`{(nearest is null ? "" : $"; did you mean {nearest}?")}";
            }

            if (!ScheduleCalculator.IsScheduled(rule.Trigger)) return $"--rule: {name} has no schedule; it fires {(rule.Trigger is Trigger.On ? "on an event" : "when a condition holds")}";
        }

        return null;
    }
}
