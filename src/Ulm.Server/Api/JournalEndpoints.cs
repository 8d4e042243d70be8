using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Explanations;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api;

/// <summary>The journal over the socket: pages of it, all of it as it grows, and what it knows of one decision.</summary>
internal static class JournalEndpoints
{
    public const string Journal = "/api/v1/journal";

    /// <summary>Entries as lines of JSON, those there are and those to come, until the client or the server ends.</summary>
    public const string Stream = "/api/v1/journal/stream";

    public const string Decisions = "/api/v1/decisions";

    public const int MostEntries = 10_000;

    private const int Page = 1000;

    /// <summary>So often an empty line says that the server is still there.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes, RunningEngine engine)
    {
        routes.MapGet(Journal, async ([AsParameters] JournalFilter filter, CancellationToken ct) => Results.Json(
            new JournalDocument(JournalDocument.SchemaName, [.. (await engine.Store.FindAsync(filter.ToQuery(), ct)).Select(e => e.In(engine.Loop.Zone))]), CommonOptions.Json));
        routes.MapGet(Stream, ([AsParameters] JournalFilter filter, HttpContext context, CancellationToken ct) => FollowAsync(engine, filter, context, ct));
        routes.MapGet($"{Decisions}/{{decision}}", async (string decision, CancellationToken ct) =>
        {
            try
            {
                return Results.Json(await DecisionExplanation.FindAsync(decision, async (q, c) => [.. (await engine.Store.FindAsync(q, c)).Select(e => e.In(engine.Loop.Zone))], ct), CommonOptions.Json);
            }
            catch (CommandFailedException e)
            {
                return Results.Json(new RefusedDocument(e.Message), CommonOptions.Json, statusCode: StatusCodes.Status400BadRequest);
            }
        });
    }

    private static async Task FollowAsync(RunningEngine engine, JournalFilter filter, HttpContext context, CancellationToken ct)
    {
        // Ends with the server too: it would wait for its clients otherwise.
        var ends = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, ends);
        // Not disposed of: the engine may be about to tell of an entry when this ends, and nothing that a client does may trouble it.
        var written = new SemaphoreSlim(0);
        void Wake(JournalEntry _) => written.Release();
        context.Response.ContentType = "application/jsonl";
        // Before anything is read: an entry that comes while a page is written wakes the next one.
        engine.Loop.Journal.Written += Wake;
        try
        {
            var query = filter.ToQuery();
            // Asked first: what comes between the two questions is in the page, or comes after it.
            var after = query.After ?? await NewestAsync(engine, either.Token);
            var page = query.After is null ? await engine.Store.FindAsync(query, either.Token) : [];
            while (true)
            {
                foreach (var entry in page)
                {
                    await context.Response.WriteAsync(JsonSerializer.Serialize(entry.In(engine.Loop.Zone), JournalDocument.OneLine) + "\n", either.Token);
                    after = Math.Max(after, entry.Sequence);
                }

                await context.Response.Body.FlushAsync(either.Token);
                page = await engine.Store.FindAsync(query with { After = after, Limit = Page }, either.Token);
                if (page.Count > 0) continue;
                if (!await written.WaitAsync(SignOfLife, either.Token)) await context.Response.WriteAsync("\n", either.Token);
                while (written.Wait(0, CancellationToken.None))
                {
                    // However many entries came, one page takes them all.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            engine.Loop.Journal.Written -= Wake;
        }
    }

    private static async Task<long> NewestAsync(RunningEngine engine, CancellationToken ct) => (await engine.Store.ReadAsync(0, 1, ct)) is [var newest] ? newest.Sequence : 0;
}

/// <summary>Which entries, as a request names them.</summary>
/// <param name="Since">With its offset from UTC; the client knows in which zone a time was meant.</param>
internal sealed record JournalFilter(long? After, int? Limit, string? Decision, string? Rule, string? Subject, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public JournalQuery ToQuery() => new(Math.Clamp(Limit ?? 50, 0, JournalEndpoints.MostEntries)) { After = After, Decision = Decision, Rule = Rule, Subject = Subject, Since = Since, Until = Until };

    /// <summary><c>?limit=50&amp;rule=relieve</c></summary>
    public static string Of(JournalQuery query)
    {
        (string Name, string? Value)[] parts =
        [
            ("limit", $"{query.Limit}"), ("after", query.After?.ToString()), ("decision", query.Decision), ("rule", query.Rule), ("subject", query.Subject),
            ("since", query.Since?.ToString("O")), ("until", query.Until?.ToString("O")),
        ];
        return "?" + string.Join('&', parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }
}
