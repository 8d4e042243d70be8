using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ulm.Dsl.Policies;
using Ulm.Engine.Loop;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Api;

/// <summary>What a running server answers over its socket. All of it reads; commands that act come with their own endpoints.</summary>
internal static class Endpoints
{
    public const string Status = "/api/v1/status";
    public const string Journal = "/api/v1/journal";
    public const string Plan = "/api/v1/plan";
    public const string Site = "/api/v1/site";
    public const string Values = "/api/v1/values";

    private const int MostEntries = 10_000;

    public static void Map(IEndpointRouteBuilder routes, RunningEngine engine)
    {
        routes.MapGet(Status, async () => Json(await engine.AskAsync(loop => StatusDocument.Of(loop, engine))));
        routes.MapGet(Plan, async () => Json(await engine.AskAsync(loop =>
            PlanDocument.Of(Preview.OfRunning(loop.Look, loop.FactsNow(), engine.Options.Limits).Plan))));
        routes.MapGet(Site, async () => Results.Text(await engine.AskAsync(loop => SnapshotWriter.Write(loop.FactsNow())), "application/json"));
        routes.MapGet(Values, async (string? attribute) => PolicyAttribute.Find(attribute ?? "") is { } known
            ? Json(await engine.AskAsync(loop => ValuesDocument.Of(known, loop.FactsNow())))
            : Results.BadRequest($"there is no attribute `{attribute}`"));
        routes.MapGet(Journal, async (long? after, int? newest, CancellationToken ct) => Json(new JournalDocument(
            JournalDocument.SchemaName, [.. await engine.Store.ReadAsync(after ?? 0, Math.Clamp(newest ?? 50, 1, MostEntries), ct)])));
    }

    private static IResult Json<T>(T document) => Results.Json(document, CommonOptions.Json);
}
