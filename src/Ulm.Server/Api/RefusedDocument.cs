namespace Ulm.Server.Api;

/// <summary>Why a question to the server has no answer.</summary>
public sealed record RefusedDocument(string Error);
