using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Dsl.Diagnostics;
using Ulm.Server.Api;
using Ulm.Server.Commands;
using Ulm.Server.Policies;
using Ulm.Server.Snapshots;

namespace Ulm.Server.LanguageServer;

/// <summary>
/// What the language server knows of the site that the policies are for: its names, and what is measured now. From a snapshot, or from a
/// running server; from neither where none is named, and then nothing is offered or checked. A source that fails costs its names, no more.
/// </summary>
internal sealed class SiteKnowledge(string? snapshot, string? socket, TimeProvider time)
{
    /// <summary>A site's names change seldom; asking for them at each keystroke would be felt.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private string? _snapshot = snapshot;
    private string? _socket = socket;
    private SiteSnapshot? _site;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    /// <summary>What the editor was configured with: <c>{ "site": FILE, "socket": PATH }</c>. The command line comes first.</summary>
    public void Configure(JsonElement? options)
    {
        _snapshot ??= Text(options, "site");
        _socket ??= Text(options, "socket");
    }

    /// <summary>Null: none is named, or it can't be had now.</summary>
    public SiteSnapshot? Site
    {
        get
        {
            var now = time.GetUtcNow();
            if (now - _lookedAt < LookAgain) return _site;
            _lookedAt = now;
            return _site = Read();
        }
    }

    public ImmutableArray<Diagnostic> Check(PolicyFiles files) => Site is { } known ? [.. SiteNames.Check(files.Result.Policies, known, files.Sources)] : [];

    /// <summary>What the running server reads for an attribute; null: there is none to ask, or it does not answer.</summary>
    public async Task<ValuesDocument?> ValuesAsync(string attribute, CancellationToken ct)
    {
        if (_socket is null) return null;
        try
        {
            using var server = new ServerClient(_socket);
            return await server.GetAsync<ValuesDocument>($"{Endpoints.Values}?attribute={Uri.EscapeDataString(attribute)}", ct);
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    private SiteSnapshot? Read()
    {
        if (_snapshot is not null) return SnapshotReader.Read(_snapshot, new FileFaults(_snapshot));
        if (_socket is null) return null;
        try
        {
            using var server = new ServerClient(_socket);
            var text = server.GetTextAsync(Endpoints.Site, CancellationToken.None).GetAwaiter().GetResult();
            return SnapshotReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), new FileFaults(_socket));
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? options, string name) =>
        options is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;
}
