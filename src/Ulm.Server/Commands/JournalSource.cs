using System.Runtime.CompilerServices;
using System.Text.Json;
using Ulm.Engine.Journal;
using Ulm.Server.Api;
using Ulm.Server.Configuration;
using Ulm.Server.Explanations;
using Ulm.Server.Store;

namespace Ulm.Server.Commands;

/// <summary>A journal to read: the running server's, or that of a store file where none runs.</summary>
internal sealed class JournalSource : IDisposable
{
    /// <summary>How often a file is looked at, which nobody tells of new entries.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ServerClient? _server;
    private SqliteStateStore? _store;

    private JournalSource(ServerClient? server, SqliteStateStore? store) => (_server, _store) = (server, store);

    /// <param name="store">A store file to read instead of asking a server; null: ask, and where none answers read the usual store, if there is one.</param>
    /// <exception cref="CommandFailedException">The file can't be read.</exception>
    public static JournalSource Open(string? store, string socket) => store is null ? new JournalSource(new ServerClient(socket), null) : new JournalSource(null, OpenStore(store));

    /// <exception cref="CommandFailedException">No server answers, and no store can be read.</exception>
    public async Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct)
    {
        if (_store is null)
        {
            try
            {
                return [.. (await _server!.GetAsync<JournalDocument>(JournalEndpoints.Journal + JournalFilter.Of(query), ct)).Entries];
            }
            catch (ServerUnreachableException) when (File.Exists(ServerConfig.DefaultStore))
            {
                _store = OpenStore(ServerConfig.DefaultStore);
            }
        }

        try
        {
            return [.. (await _store.FindAsync(query, ct)).Select(e => e.In(TimeZoneInfo.Local))];
        }
        catch (StoreUnavailableException e)
        {
            throw new CommandFailedException(e.Message);
        }
    }

    /// <summary>In which its times are told: the server's; of a store that no server answers for, this machine's.</summary>
    public async Task<TimeZoneInfo> ZoneAsync(CancellationToken ct)
    {
        if (_server is null) return TimeZoneInfo.Local;
        try
        {
            var status = await _server.GetAsync<StatusDocument>(Endpoints.Status, ct);
            return TimeZoneInfo.TryFindSystemTimeZoneById(status.Zone ?? "", out var zone) ? zone : TimeZoneInfo.Local;
        }
        catch (ServerUnreachableException)
        {
            return TimeZoneInfo.Local;
        }
    }

    /// <summary>Takes the look of a decision again.</summary>
    /// <exception cref="CommandFailedException">It is not kept; or a server answers for its journal, and keeps looks to itself.</exception>
    public Task<DecisionReplay> ReplayAsync(DecisionExplanation decided, CancellationToken ct) =>
        DecisionReplay.OfAsync(decided, _store ?? throw new CommandFailedException($"--replay reads the store itself: add --store, such as --store {ServerConfig.DefaultStore}"), ct);

    /// <summary>Entries that are asked for, and those to come, until the server ends.</summary>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(JournalQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        if (_server is not null)
        {
            await foreach (var line in _server.LinesAsync(JournalEndpoints.Stream + JournalFilter.Of(query), ct))
                if (line.Length > 0) yield return JsonSerializer.Deserialize<JournalEntry>(line, JournalDocument.OneLine)!;
            yield break;
        }

        var last = 0L;
        for (var next = query; ; next = query with { After = last, Limit = JournalEndpoints.MostEntries })
        {
            foreach (var entry in await FindAsync(next, ct))
            {
                yield return entry;
                last = Math.Max(last, entry.Sequence);
            }

            await Task.Delay(LookAgain, ct);
        }
    }

    public void Dispose()
    {
        _server?.Dispose();
        _store?.Dispose();
    }

    private static SqliteStateStore OpenStore(string file)
    {
        if (!File.Exists(file)) throw new CommandFailedException($"there is no store {file}");
        try
        {
            return SqliteStateStore.OpenReadOnly(file);
        }
        catch (StoreUnavailableException e)
        {
            throw new CommandFailedException(e.Message);
        }
    }
}
