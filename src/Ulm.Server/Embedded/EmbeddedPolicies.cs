using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.Embedded;

/// <summary>The policies that <c>run --policies</c> names, read anew when a reload asks for it; without them, those that are built in.</summary>
internal sealed class EmbeddedPolicies(IReadOnlyList<string> paths, SiteClock clock) : IPolicySource
{
    public string Folder => string.Join(", ", paths);

    public async Task<PolicyReload?> ReadAsync(bool evenIfUnchanged, CancellationToken ct) => await PeekAsync(ct);

    public Task<PolicyReload> PeekAsync(CancellationToken ct)
    {
        if (paths.Count == 0)
            throw new CommandFailedException("this server runs the simulated site on the policies that are built into it, so there are none to reload; start it with `run --policies PATH`, or a real site with `run --config FILE`");
        try
        {
            return Task.FromResult(PolicyReload.Of(PolicyFiles.Load(paths, clock)));
        }
        catch (CommandFailedException e)
        {
            return Task.FromResult(PolicyReload.Unreadable(e.Message));
        }
    }

    public PolicyReload Try(ImmutableArray<SourceText> texts) => PolicyReload.Of(PolicyFiles.Compile(texts, clock));
}
