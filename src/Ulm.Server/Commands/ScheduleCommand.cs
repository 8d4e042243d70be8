using System.CommandLine;
using System.Text.Json;

namespace Ulm.Server.Commands;

/// <summary><c>schedule</c>: when each scheduled rule fires next.</summary>
public static class ScheduleCommand
{
    private const int MostTimes = 1000;

    public static Command Create(Terminal terminal)
    {
        var (paths, format, zone) = (FileOptions.Paths(), CommonOptions.Format(), FileOptions.Zone());
        var from = FileOptions.Time("--from", "Show times after this one; now, if not given");
        var count = new Option<int>("--count") { Description = "How many times of each rule", HelpName = "N", DefaultValueFactory = _ => 5 };
        var command = new Command("schedule", "Show the next times of every scheduled rule, local and UTC.") { paths, from, count, zone, format };
        command.SetAction(result =>
        {
            var wanted = result.GetValue(count);
            if (wanted is < 1 or > MostTimes) throw new CommandFailedException($"--count: {wanted} is outside 1 to {MostTimes}");
            var given = TimeText.Zone(result.GetValue(zone));
            var policies = PolicyFiles.LoadSound(result.GetValue(paths)!, terminal);
            var local = policies.TimeZone ?? given;
            var after = result.GetValue(from) is { } text ? TimeText.Parse(text, "--from", local) : TimeProvider.System.GetUtcNow();
            var listing = ScheduleListing.Of(policies, local, after, wanted);
            if (result.GetValue(format) == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(listing, CommonOptions.Json));
            else listing.Print(terminal, policies.Rules.Length);
            return ExitCode.Clean;
        });
        return command;
    }
}
