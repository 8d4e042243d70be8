using Microsoft.AspNetCore.Http;
using Ulm.Server.Commands;

namespace Ulm.Server.Api;

/// <summary>Why a question to the server has no answer.</summary>
public sealed record RefusedDocument(string Error)
{
    /// <summary>What was asked makes no sense, in one line for whoever asked.</summary>
    internal static IResult Answer(string because) => Results.Json(new RefusedDocument(because), CommonOptions.Json, statusCode: StatusCodes.Status400BadRequest);
}
