using System.Text.Json;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary>Gives an order to the running server, says what became of it, and follows it to its end.</summary>
internal static class OrderClient
{
    public static async Task<int> RunAsync(Terminal terminal, OrderRequest request, OrderManner manner, CancellationToken ct)
    {
        using var server = new ServerClient(manner.Socket);
        var order = await server.PostAsync<OrderDocument>(ManualEndpoints.Orders, request, ct);
        var text = manner.Format == OutputFormat.Text;
        if (text) OrderText.Print(terminal, order);
        if (manner.Wait && order is { Decision: { } decision, Steps.IsEmpty: false })
        {
            try
            {
                order = order with { Progress = await OrderWatch.Over(text ? terminal : null, () => server.GetAsync<OrderProgress>($"{ManualEndpoints.Orders}/{decision}", ct), ct) };
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                await terminal.Error.WriteLineAsync($"ulm-server: no longer watched; the server goes on with it. `ulm-server journal --follow` shows how, `ulm-server explain --decision {decision}` how it ended.");
                return ExitCode.CouldNotRun;
            }
        }

        if (!text) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(order, CommonOptions.Json));
        else if (order.Progress is { } progress) await terminal.Out.WriteLineAsync(progress.Says);
        var refused = order.Outcome is OrderOutcome.Refused or OrderOutcome.BegunInPart;
        return order.Progress is { } end ? (end.Done ? ExitCode.Clean : ExitCode.No) : refused ? ExitCode.No : ExitCode.Clean;
    }
}
