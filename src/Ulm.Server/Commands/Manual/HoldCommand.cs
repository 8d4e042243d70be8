using System.CommandLine;
using System.Text.Json;
using Ulm.Engine;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary><c>hold SUBJECT --for D --because TEXT</c>, and <c>hold SUBJECT --end</c>.</summary>
public static class HoldCommand
{
    public static Command Create(Terminal terminal)
    {
        var (subject, time) = (SiteArguments.Subject(), FileOptions.Duration("--for", "How long; the hold ends by itself then"));
        var because = new Option<string>("--because") { Description = "Why, for whoever meets the hold", HelpName = "TEXT" };
        var end = new Option<bool>("--end") { Description = "End the hold that is there" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be held, and what is now" };
        var (socket, format) = (CommonOptions.Socket(), CommonOptions.Format());
        var command = new Command("hold", "Leave a host or a VM as it is for a while: no rule and nobody moves it or powers it on or off.") { subject, time, because, end, dryRun, socket, format };
        command.SetAction(async (result, ct) =>
        {
            if (result.GetValue(end) && result.GetValue(time) is not null) throw new CommandFailedException("--end ends a hold at once; leave --for out");
            using var server = new ServerClient(result.GetValue(socket)!);
            var request = new HoldRequest(result.GetValue(subject)!, result.GetValue(time), result.GetValue(because), result.GetValue(end), Caller.OnBehalfOf, result.GetValue(dryRun));
            var hold = await server.PostAsync<HoldDocument>(ManualEndpoints.Holds, request, ct);
            await terminal.Out.WriteLineAsync(result.GetValue(format) == OutputFormat.Json ? JsonSerializer.Serialize(hold, CommonOptions.Json) : Text(hold));
            return ExitCode.Clean;
        });
        return command;
    }

    private static string Text(HoldDocument hold) => (hold.Outcome, hold.DryRun) switch
    {
        ("nothingToDo", _) => $"Nothing to do: {hold.Subject} is not held.",
        ("ended", false) => $"The hold on {hold.Subject} is ended; {By(hold.Hold!)}.",
        ("ended", true) => $"The hold on {hold.Subject} would be ended, and was not; {By(hold.Hold!)}.",
        (_, var dry) => $"{hold.Subject} {(dry ? "would be" : "is")} held until {Show.Time(hold.Hold!.Until)}: {hold.Hold.Because}{(hold.Before is { } before ? $"\nin place of the hold that {By(before)}" : "")}",
    };

    private static string By(HoldDocument.Held held) => $"was set by {held.By} until {Show.Time(held.Until)}: {held.Because}";

}
