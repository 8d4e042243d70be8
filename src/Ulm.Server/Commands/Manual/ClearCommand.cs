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
        var command = new Command("clear", "Let a host that failed to wake be woken again; one that is on is looked over before VMs go there.") { host, socket, format };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var cleared = await server.PostAsync<ClearDocument>(ManualEndpoints.Clear, new ClearRequest(result.GetValue(host)!, Caller.OnBehalfOf), ct);
            await terminal.Out.WriteLineAsync(result.GetValue(format) == OutputFormat.Json
                ? JsonSerializer.Serialize(cleared, CommonOptions.Json)
                : $"host {cleared.Host} is cleared: it is {cleared.Phase}{(cleared.Phase == "off" ? " and may be woken again" : ", and is looked over before VMs go there")}");
            return ExitCode.Clean;
        });
        return command;
    }
}
