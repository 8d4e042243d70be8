using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ulm.Dsl;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api;

/// <summary><c>POST /api/v1/reload</c>: over the Unix socket only, which its owner and group alone may use.</summary>
internal static class ReloadEndpoint
{
    public const string Path = "/api/v1/reload";

    /// <param name="DryRun">Only say what it would do.</param>
    /// <param name="Sources">Instead of the server's folder; for a dry run only.</param>
    public sealed record Request(bool DryRun, ImmutableArray<SourceText>? Sources);

    public static void Map(IEndpointRouteBuilder routes, PolicyReloader reloader) => routes.MapPost(Path, async (Request request, HttpContext context, CancellationToken ct) =>
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily != AddressFamily.Unix) return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (request is { DryRun: false, Sources: not null }) return RefusedDocument.Answer("policies given with the request are for a dry run; put them into the server's folder");
        try
        {
            return Results.Json(await reloader.ReloadAsync(request.DryRun, request.Sources, ct), CommonOptions.Json);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            return RefusedDocument.Answer($"nothing was taken over: {e.Message}");
        }
        catch (CommandFailedException e)
        {
            return RefusedDocument.Answer(e.Message);
        }
    });
}
