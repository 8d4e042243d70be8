using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary>What a running server sees and does.</summary>
public static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket) = (CommonOptions.Format(), CommonOptions.Socket());
        var command = new Command("status", "Show hosts, pending rules and work in progress of the running server. Exit code 2: it does not act.") { format, socket };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var status = await server.GetAsync<StatusDocument>(Endpoints.Status, ct);
            if (result.GetValue(format) == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(status, CommonOptions.Json));
            else StatusText.Print(status, terminal);
            return status.HaltedBecause is null ? ExitCode.Clean : ExitCode.No;
        });
        return command;
    }
}
