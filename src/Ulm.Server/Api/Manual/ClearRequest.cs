namespace Ulm.Server.Api.Manual;

/// <summary>A person says that a host that failed to wake may be counted on again; <c>POST /api/v1/hosts/clear</c>.</summary>
/// <param name="OnBehalfOf">Whom the client says it works for, beside the user that the system says it is.</param>
public sealed record ClearRequest(string Host, string? OnBehalfOf, bool DryRun);

/// <param name="Phase">Where the host is now, or would be: off, or booting until it has been looked over.</param>
public sealed record ClearDocument(string Schema, string Host, bool DryRun, string Phase)
{
    public const string SchemaName = "ulm.clear/1";
}
