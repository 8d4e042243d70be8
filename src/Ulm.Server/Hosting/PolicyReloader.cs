using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Engine.Journal;
using Ulm.Server.Api;
using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.Hosting;

/// <summary>
/// Brings changed policies into the running engine: by itself when the folder has changed, or because somebody asked. One at a time, each reading
/// the folder anew in its turn, so that an older state of it never replaces a newer one.
/// </summary>
internal sealed class PolicyReloader(RunningEngine engine, IPolicySource policies, Terminal terminal, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>Does nothing where the folder holds what was compiled last.</summary>
    /// <exception cref="StoreUnavailableException">The journal can't tell of it: what ran before stays in force.</exception>
    /// <exception cref="TimeoutException">The engine is busy.</exception>
    public async Task TakeOverChangesAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (await policies.ReadAsync(evenIfUnchanged: false, ct) is not { } reload) return;
            if (reload.Faults.Length > 0) await terminal.Error.WriteLineAsync(reload.Faults);
            await TakeOverAsync(reload, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the folder and takes it over where it is sound, changed or not; with <paramref name="dryRun"/>, only says what that would do.</summary>
    /// <param name="texts">Instead of the folder; for a dry run only.</param>
    /// <inheritdoc cref="TakeOverChangesAsync"/>
    public async Task<ReloadDocument> ReloadAsync(bool dryRun, ImmutableArray<SourceText>? texts, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var reload = texts is { } given ? policies.Try(given) : dryRun ? await policies.PeekAsync(ct) : (await policies.ReadAsync(evenIfUnchanged: true, ct))!;
            var document = await engine.AskAsync(loop => ReloadDocument.Of(loop, engine.Options, reload, dryRun));
            if (!dryRun) await TakeOverAsync(reload, ct);
            return document;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeOverAsync(PolicyReload reload, CancellationToken ct)
    {
        var taken = await engine.AskAsync(async loop =>
        {
            var entry = reload.Usable
                ? $"{policies.Folder} reloaded: {reload.Result.Policies.Rules.Length} rule(s) in force"
                : $"{policies.Folder} has faults; the {loop.Look.Policies.Rules.Length} rule(s) that ran before stay in force. {FirstFault(reload)}";
            // Written first: no rule acts that the journal does not tell of.
            await loop.Journal.WriteAsync([new JournalEntry(time.GetUtcNow(), JournalKind.Policies, entry)], ct);
            if (reload.Usable) loop.ReplacePolicies(reload.Result.Policies);
        });
        await taken.WaitAsync(ct);
    }

    private static string FirstFault(PolicyReload reload) =>
        reload.Result.Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.ToString() ?? reload.Faults;
}
