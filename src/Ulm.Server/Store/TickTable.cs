using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Journal;

namespace Ulm.Server.Store;

/// <summary>Looks that decided something, packed, and each set of policies that one was taken under, once.</summary>
internal static class TickTable
{
    /// <summary>What a doubt is about is seldom older; the journal itself is kept for longer.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Texts under which no look is kept any more.</summary>
    public const string PrunePolicySets = "delete from policy_set where hash not in (select policies from tick)";

    public static int Add(SqliteConnection connection, TickRecord tick, PolicySet policies)
    {
        using var transaction = connection.BeginTransaction();
        var at = tick.Facts.At.UtcTicks;
        connection.Execute("insert or replace into tick (at, policies, record) values (@at, @hash, @record)", new { at, hash = policies.Hash, record = tick.Pack() }, transaction);
        connection.Execute("insert or ignore into policy_set (hash, texts) values (@hash, @texts)", new { hash = policies.Hash, texts = Pack(policies.Sources) }, transaction);
        connection.Execute("delete from tick where at < @before", new { before = at - Kept.Ticks }, transaction);
        transaction.Commit();
        return 1;
    }

    public static (TickRecord Tick, ImmutableArray<SourceText> Policies)? Find(SqliteConnection connection, DateTimeOffset at)
    {
        var row = connection.QueryFirstOrDefault<(byte[] Record, byte[] Texts)>("select t.record, p.texts from tick t join policy_set p on p.hash = t.policies where t.at = @at", new { at = at.UtcTicks });
        return row.Record is null ? null : (TickRecord.Unpack(row.Record), Unpack(row.Texts));
    }

    private static byte[] Pack(ImmutableArray<SourceText> texts)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal)) JsonSerializer.Serialize(zip, texts);
        return packed.ToArray();
    }

    private static ImmutableArray<SourceText> Unpack(byte[] packed)
    {
        using var zip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<ImmutableArray<SourceText>>(zip);
    }
}
