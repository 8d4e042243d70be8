using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api.Manual;

/// <summary>Work by hand: over the Unix socket only, which its owner and group alone may use, in the name of the user at its other end.</summary>
internal static class ManualEndpoints
{
    public const string Orders = "/api/v1/orders";
    public const string Holds = "/api/v1/holds";
    public const string Plans = "/api/v1/plans";

    public const string Clear = "/api/v1/hosts/clear";

    public static void Map(IEndpointRouteBuilder routes, RunningEngine engine)
    {
        routes.MapPost(Orders, (OrderRequest request, HttpContext context, CancellationToken ct) => AsUserAsync(context, request.OnBehalfOf, by => OrderAsync(engine, request, by, ct)));
        routes.MapPost(Holds, (HoldRequest request, HttpContext context, CancellationToken ct) => AsUserAsync(context, request.OnBehalfOf, by => HoldDocument.OrderAsync(engine, request, by, ct)));
        routes.MapPost(Plans, (ApprovalRequest request, HttpContext context, CancellationToken ct) => AsUserAsync(context, request.OnBehalfOf, by => ApprovalDocument.AnswerAsync(engine, request, by, ct)));
        routes.MapGet(Plans, () => AnswerAsync(() => engine.AskAsync(PendingDocument.Of)));
        routes.MapPost(Clear, (ClearRequest request, HttpContext context, CancellationToken ct) => AsUserAsync(context, request.OnBehalfOf, by => ClearAsync(engine, request, by, ct)));
        routes.MapGet($"{Orders}/{{decision}}", (string decision) => ProgressAsync(engine, decision));
    }

    private static Task<ClearDocument> ClearAsync(RunningEngine engine, ClearRequest request, string by, CancellationToken ct) => engine.AskAsync(async loop =>
    {
        var host = SiteNaming.Host(loop.FactsNow().Site, request.Host);
        if ((request.DryRun ? loop.Operators.WhyNotCleared(host) : await loop.Operators.ClearAsync(host, by)) is { } because) throw new CommandFailedException(because);
        var phase = request.DryRun ? loop.Operators.PhaseOnceCleared(host) : loop.Executor.Lives.Current[host].Phase;
        return new ClearDocument(ClearDocument.SchemaName, host, request.DryRun, HostLife.Describe(phase));
    }, ct);

    private static Task<OrderDocument> OrderAsync(RunningEngine engine, OrderRequest request, string by, CancellationToken ct) => engine.AskAsync(
        async loop => OrderDocument.Of(await loop.Operators.OrderAsync(request.ToOrder(loop.FactsNow().Site), by, request.Because, request.DryRun), request.DryRun), ct);

    private static async Task<IResult> ProgressAsync(RunningEngine engine, string decision) => await AnswerAsync(() => engine.AskAsync(loop =>
        OrderProgress.Of(loop, loop.Operators.OrderedByHand.LastOrDefault(w => w.Decision.Id == decision) ?? throw new CommandFailedException($"nothing is known of an order {decision}; the journal may have it"))));

    /// <param name="act">Gets the name of who asks.</param>
    private static async Task<IResult> AsUserAsync<T>(HttpContext context, string? onBehalfOf, Func<string, Task<T>> act) => Peer.UserOf(context) is { } user
        ? await AnswerAsync(() => act(Peer.Author(user, onBehalfOf)))
        : Results.StatusCode(StatusCodes.Status403Forbidden);

    private static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return Results.Json(await ask(), CommonOptions.Json);
        }
        catch (Exception e) when (e is CommandFailedException or StoreUnavailableException or RecorderUnavailableException or TimeoutException)
        {
            return RefusedDocument.Answer(e.Message);
        }
    }
}
