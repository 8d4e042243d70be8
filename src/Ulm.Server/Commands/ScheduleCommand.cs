using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary><c>schedule</c>: when each scheduled rule fires next.</summary>
public static class ScheduleCommand
{
    private const int DefaultCount = 5;

    public static Command Create(Terminal terminal)
    {
        var (paths, format, zone) = (FileOptions.Paths(), CommonOptions.Format(), FileOptions.Zone());
        var from = FileOptions.Time("--from", "Show times after this one; now, if not given");
        var count = FileOptions.Number("--count", "How many times of each rule; 5, if not given", 1, 1000);
        var command = new Command("schedule", "Show the next times of every scheduled rule, local and UTC.") { paths, from, count, zone, format };
        command.SetAction(result =>
        {
            var given = TimeText.Zone(result.GetValue(zone));
            var policies = PolicyFiles.LoadSound(result.GetValue(paths)!, terminal, given);
            var local = policies.TimeZone ?? given;
            var after = result.GetValue(from) is { } text ? TimeText.Parse(text, "--from", local) : TimeProvider.System.GetUtcNow();
            var listing = ScheduleListing.Of(policies, local, after, result.GetValue(count) ?? DefaultCount);
            if (result.GetValue(format) == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(listing, CommonOptions.Json));
            else listing.Print(terminal, policies.Rules.Length);
            return ExitCode.Clean;
        });
        return command;
    }
}
