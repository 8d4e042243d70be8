using System.Text.Json;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary><c>plan</c> without files: what the running server would do now, with its hold clocks as they stand.</summary>
internal static class PlanFromServer
{
    public static async Task<int> RunAsync(Terminal terminal, string socket, OutputFormat format, CancellationToken ct)
    {
        using var server = new ServerClient(socket);
        var plan = await server.GetAsync<PlanDocument>(Endpoints.Plan, ct);
        if (format == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(plan, CommonOptions.Json));
        else PlanText.Print(terminal, plan, [], $"the server at {socket}");
        return plan.Steps.IsEmpty ? ExitCode.Clean : ExitCode.No;
    }
}
