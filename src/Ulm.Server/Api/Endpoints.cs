using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ulm.Engine.Loop;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api;

/// <summary>What a running server answers over its socket. All of it reads; commands that act come with their own endpoints.</summary>
internal static class Endpoints
{
    public const string Status = "/api/v1/status";
    public const string Journal = "/api/v1/journal";
    public const string Plan = "/api/v1/plan";

    private const int MostEntries = 10_000;

    public static void Map(IEndpointRouteBuilder routes, RunningEngine engine)
    {
        routes.MapGet(Status, async () => Json(await engine.AskAsync(loop => StatusDocument.Of(loop, engine))));
        routes.MapGet(Plan, async () => Json(await engine.AskAsync(loop =>
            PlanDocument.Of(Preview.OfRunning(loop.Look, loop.FactsNow(), engine.Options.Limits).Plan))));
        routes.MapGet(Journal, async (long? after, int? newest, CancellationToken ct) => Json(new JournalDocument(
            JournalDocument.SchemaName, [.. await engine.Store.ReadAsync(after ?? 0, Math.Clamp(newest ?? 50, 1, MostEntries), ct)])));
    }

    private static IResult Json<T>(T document) => Results.Json(document, CommonOptions.Json);
}
