using System.Collections.Immutable;
using System.Data;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Store;

/// <summary>
/// The store in one SQLite file, made on first start. One connection, used by one caller at a time; write-ahead log, and every commit
/// of the journal is synced to disk before it is called durable. Times are kept as UTC ticks. Safe to call from any thread.
/// </summary>
public sealed class SqliteStateStore : IStateStore, IDisposable
{
    /// <summary>What lacks what it was written with is damaged.</summary>
    private static readonly JsonSerializerOptions AsWritten = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private SqliteStateStore(string file, SqliteConnection connection) => (_file, _connection) = (file, connection);

    /// <exception cref="StoreUnavailableException">The folder is missing or read-only, the file is no store of ours, or its disk is full.</exception>
    public static SqliteStateStore Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
            connection.Open();
            Schema.Migrate(connection);
            return new SqliteStateStore(file, connection);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or SchemaForeignException)
        {
            connection.Dispose();
            throw new StoreUnavailableException($"can't use the store {file}: {e.Message}", e);
        }
    }

    /// <summary>For looking at a store: nothing in it is created, migrated or written.</summary>
    /// <exception cref="StoreUnavailableException">It can't be read, or the file is no store of ours.</exception>
    public static SqliteStateStore OpenReadOnly(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        try
        {
            if (FileKinds.Of(file) is not (FileKind.Regular or FileKind.None)) throw new IOException("it is no regular file");
            connection.Open();
            Schema.Check(connection);
            return new SqliteStateStore(file, connection);
        }
        catch (Exception e) when (e is SqliteException or IOException or SchemaForeignException)
        {
            connection.Dispose();
            throw new StoreUnavailableException($"can't read the store {file}: {e.Message}", e);
        }
    }

    public Fence? Fence { get; set; }

    public Task<Lease> LeaseAsync(LeaseWish wish, CancellationToken ct) => WithTurnAsync(() => LeaseTable.Ask(_connection, wish), ct);

    public Task<IReadOnlyList<JournalEntry>> AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () =>
        {
            using var transaction = _connection.BeginTransaction();
            LeaseTable.Guard(_connection, Fence, transaction);
            var kept = entries.Select(e => Append(e, transaction)).ToList();
            transaction.Commit();
            return kept;
        },
        ct);

    private JournalEntry Append(JournalEntry entry, SqliteTransaction transaction)
    {
        var kept = entry with { Sequence = _connection.ExecuteScalar<long>(JournalRow.Insert, JournalRow.Of(entry), transaction) };
        if (JournalRow.Counts(kept) is { } count) _connection.Execute(count, new { kept.Step, Seq = kept.Sequence }, transaction);
        return kept;
    }

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(long after, int newest, CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () => [.. _connection.Query<JournalRow>(JournalRow.SelectNewest, new { after, newest }).Reverse().Select(r => r.ToEntry())],
        ct);

    public Task<IReadOnlyList<JournalEntry>> FindAsync(JournalQuery query, CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () =>
        {
            var rows = _connection.Query<JournalRow>(
                JournalRow.Select(query), new { query.After, query.Decision, query.Rule, query.Subject, Since = query.Since?.UtcTicks, Until = query.Until?.UtcTicks, query.Limit });
            return [.. (query.After is null ? rows.Reverse() : rows).Select(r => r.ToEntry())];
        },
        ct);

    /// <summary>Removes the oldest entries from before a time, but none of a step that is not over.</summary>
    /// <returns>How many; fewer than <paramref name="most"/>: there are no more.</returns>
    public Task<int> PruneAsync(DateTimeOffset before, int most, CancellationToken ct) => WithTurnAsync(
        () => _connection.Execute(JournalRow.Prune, new { before = before.UtcTicks, most }), ct);

    /// <summary>Removes names and texts that nothing refers to any more: every VM that ever was has left one, every edit of the policies another.</summary>
    /// <returns>How many.</returns>
    public Task<int> PruneUnusedAsync(CancellationToken ct) => WithTurnAsync(() => _connection.Execute($"{SampleTable.PruneSeries}; {TickTable.PrunePolicySets}"), ct);

    public Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct) => WithTurnAsync(() => TickTable.Add(_connection, tick, policies), ct);

    public Task<(TickRecord Tick, ImmutableArray<SourceText> Policies)?> LoadTickAsync(DateTimeOffset at, CancellationToken ct) => WithTurnAsync(() => TickTable.Find(_connection, at), ct);

    public Task<IReadOnlyList<JournalEntry>> UnfinishedAsync(CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () => [.. _connection.Query<JournalRow>(JournalRow.SelectUnfinished).Select(r => r.ToEntry())],
        ct);

    public Task<IReadOnlyList<JournalEntry>> BegunSinceAsync(DateTimeOffset since, CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () => [.. _connection.Query<JournalRow>(JournalRow.SelectBegun, new { since = since.UtcTicks }).Select(r => r.ToEntry())],
        ct);

    public Task<IReadOnlyList<JournalEntry>> EndedOnVmsSinceAsync(DateTimeOffset since, CancellationToken ct) => WithTurnAsync<IReadOnlyList<JournalEntry>>(
        () => [.. _connection.Query<JournalRow>(JournalRow.SelectEndedOnVms, new { since = since.UtcTicks }).Select(r => r.ToEntry())],
        ct);

    public Task<IReadOnlyList<Boot>> BootsAsync(int newest, CancellationToken ct) => WithTurnAsync<IReadOnlyList<Boot>>(
        () => [.. _connection.Query<(string Host, long Took)>(JournalRow.SelectBoots, new { newest }).Reverse().Select(b => new Boot(b.Host, TimeSpan.FromTicks(b.Took)))],
        ct);

    public Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct) => WithTurnAsync(
        () =>
        {
            using var transaction = _connection.BeginTransaction();
            LeaseTable.Guard(_connection, Fence, transaction);
            _connection.Execute("delete from host_order", transaction: transaction);
            foreach (var order in orders)
                _connection.Execute("insert into host_order (host, kept) values (@host, @json)", new { host = order.Host, json = JsonSerializer.Serialize(order) }, transaction);
            transaction.Commit();
            return orders.Length;
        },
        ct);

    public Task<ImmutableArray<HostOrder>> LoadOrdersAsync(CancellationToken ct) => WithTurnAsync<ImmutableArray<HostOrder>>(
        () => [.. _connection.Query<string>("select kept from host_order order by host").Select(j => JsonSerializer.Deserialize<HostOrder>(j, AsWritten) ?? throw new JsonException("an order of a host is empty"))],
        ct);

    public Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct) => KeepAsync("host lives", lives, ct);

    public Task<ImmutableArray<HostLife>> LoadLivesAsync(CancellationToken ct) => KeptAsync<HostLife>("host lives", ct);

    public Task<JournalEntry> SaveOperatorHoldsAsync(ImmutableArray<OperatorHold> holds, JournalEntry told, CancellationToken ct) => WithTurnAsync(
        () =>
        {
            using var transaction = _connection.BeginTransaction();
            LeaseTable.Guard(_connection, Fence, transaction);
            var kept = Append(told, transaction);
            Keep("operator holds", holds, transaction);
            transaction.Commit();
            return kept;
        },
        ct);

    public Task<ImmutableArray<OperatorHold>> LoadOperatorHoldsAsync(CancellationToken ct) => KeptAsync<OperatorHold>("operator holds", ct);

    public Task SavePendingPlansAsync(ImmutableArray<string> plans, CancellationToken ct) => KeepAsync("pending plans", plans, ct);

    public Task<ImmutableArray<string>> LoadPendingPlansAsync(CancellationToken ct) => KeptAsync<string>("pending plans", ct);

    private Task KeepAsync<T>(string what, ImmutableArray<T> all, CancellationToken ct) => WithTurnAsync(
        () =>
        {
            using var transaction = _connection.BeginTransaction();
            LeaseTable.Guard(_connection, Fence, transaction);
            Keep(what, all, transaction);
            transaction.Commit();
            return all.Length;
        },
        ct);

    private void Keep<T>(string what, ImmutableArray<T> all, SqliteTransaction transaction) => _connection.Execute(
        "insert into kept (what, kept) values (@what, @json) on conflict (what) do update set kept = @json", new { what, json = JsonSerializer.Serialize(all) }, transaction);

    private int Fenced(string statement, object values)
    {
        using var transaction = _connection.BeginTransaction();
        LeaseTable.Guard(_connection, Fence, transaction);
        var changed = _connection.Execute(statement, values, transaction);
        transaction.Commit();
        return changed;
    }

    private Task<ImmutableArray<T>> KeptAsync<T>(string what, CancellationToken ct) => WithTurnAsync(() => Kept<T>(what), ct);

    private ImmutableArray<T> Kept<T>(string what) =>
        _connection.QueryFirstOrDefault<string>("select kept from kept where what = @what", new { what }) is { } json ? Whole(JsonSerializer.Deserialize<ImmutableArray<T>>(json, AsWritten)) : [];

    private static ImmutableArray<T> Whole<T>(ImmutableArray<T> kept) => kept.Any(k => k is null) ? throw new JsonException("one of them is empty") : kept;

    public Task SaveHoldsAsync(SavedHolds holds, CancellationToken ct) => WithTurnAsync(
        () => Fenced(
            """
            insert into hold (id, saved_at, holds) values (1, @at, @json) on conflict (id) do update set saved_at = @at, holds = @json;
            insert into kept (what, kept) values ('going on', @going) on conflict (what) do update set kept = @going
            """,
            new { at = holds.At.UtcTicks, json = JsonSerializer.Serialize(holds.Holds), going = JsonSerializer.Serialize(holds.GoingOn) }),
        ct);

    public Task<SavedHolds?> LoadHoldsAsync(CancellationToken ct) => WithTurnAsync(
        () =>
        {
            var row = _connection.QueryFirstOrDefault<(long At, string Json)>("select saved_at, holds from hold where id = 1");
            return row.Json is null ? null : new SavedHolds(Ticks.ToTime(row.At), JsonSerializer.Deserialize<ImmutableArray<SavedHold>>(row.Json)) { GoingOn = Kept<SavedGoing>("going on") };
        },
        ct);

    public Task SaveSamplesAsync(IReadOnlyList<Measurement> samples, CancellationToken ct) => WithTurnAsync(() => SampleTable.Add(_connection, samples), ct);

    public Task<IReadOnlyList<Measurement>> LoadSamplesAsync(IReadOnlyList<SampleWish> wishes, CancellationToken ct) => WithTurnAsync<IReadOnlyList<Measurement>>(
        () => [.. wishes.SelectMany(w => SampleTable.Read(_connection, w)).OrderBy(s => s.At)], ct);

    /// <summary>Makes SQLite behave as on a full disk once the file has this many pages.</summary>
    internal void LimitSizeForTests(int pages) => _connection.Execute($"pragma max_page_count = {pages}");

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    private async Task<T> WithTurnAsync<T>(Func<T> work, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            // SQLite has no asynchronous IO: a sync to disk must not hold up the engine's thread.
            return await Task.Run(work, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SqliteException or JsonException or FormatException or ArgumentException or DataException or InvalidDataException)
        {
            throw new StoreUnavailableException($"the store {_file} failed: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }
}

internal static class Ticks
{
    public static DateTimeOffset ToTime(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
