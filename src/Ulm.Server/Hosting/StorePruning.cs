using Microsoft.Extensions.Hosting;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Configuration;
using Ulm.Server.Store;

namespace Ulm.Server.Hosting;

/// <summary>Lets the journal grow no longer than it is to be kept, and the store keep nothing that nobody can ask for any more: once at the start, then once a day, a little at a time.</summary>
internal sealed class StorePruning(SqliteStateStore store, ServerConfig config, Terminal terminal, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    /// <summary>So many entries at a time: what has to be written meanwhile waits no longer than that takes.</summary>
    private const int AtATime = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                while (await store.PruneAsync(time.GetUtcNow() - config.JournalKept, AtATime, ct) == AtATime) await Task.Delay(Pause, time, ct);
                await store.PruneUnusedAsync(ct);
            }
            catch (StoreUnavailableException e)
            {
                await terminal.Error.WriteLineAsync($"what is too old was not removed: {e.Message}");
            }

            await Task.Delay(Again, time, ct);
        }
    }
}
