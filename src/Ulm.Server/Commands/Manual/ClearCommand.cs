using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary><c>power clear</c>: a host that failed to wake may be counted on again.</summary>
internal static class ClearCommand
{
    public static Command Create(Terminal terminal)
    {
        var (host, socket, format) = (SiteArguments.Host(), CommonOptions.Socket(), CommonOptions.Format());
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show whether it can be cleared, and what it would be then" };
        var command = new Command("clear", "Let a host that failed to wake be woken again; one that is on is looked over before VMs go there.") { host, dryRun, socket, format };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var cleared = await server.PostAsync<ClearDocument>(ManualEndpoints.Clear, new ClearRequest(result.GetValue(host)!, Caller.OnBehalfOf, result.GetValue(dryRun)), ct);
            await terminal.Out.WriteLineAsync(result.GetValue(format) == OutputFormat.Json ? JsonSerializer.Serialize(cleared, CommonOptions.Json) : Text(cleared));
            return ExitCode.Clean;
        });
        return command;
    }

    private static string Text(ClearDocument cleared) => (cleared.DryRun, cleared.Phase) switch
    {
        (false, "off") => $"host {cleared.Host} is cleared: it is off and may be woken again",
        (false, var phase) => $"host {cleared.Host} is cleared: it is {phase}, and is looked over before VMs go there",
        (true, "off") => $"host {cleared.Host} would be cleared, and was not: it would be off, and could be woken again",
        (true, var phase) => $"host {cleared.Host} would be cleared, and was not: it would be {phase}, and be looked over before VMs go there",
    };
}
