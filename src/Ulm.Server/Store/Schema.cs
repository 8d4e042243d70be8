using Dapper;
using Microsoft.Data.Sqlite;

namespace Ulm.Server.Store;

/// <summary>The tables of the store, and the steps that bring an older store up to date. A step, once released, is never changed.</summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        create table journal (
            seq integer primary key autoincrement, at integer not null, kind text not null, text text not null,
            decision text, rule text, subject text, step text, outcome text, why text);
        create index journal_step on journal (step) where step is not null;
        create index journal_decision on journal (decision) where decision is not null;
        create index journal_begun on journal (seq) where kind = 'Begun';
        create table hold (id integer primary key check (id = 1), saved_at integer not null, holds text not null);
        create table series (id integer primary key, subject text not null, attribute text not null, unique (subject, attribute));
        create table sample (series integer not null references series (id), at integer not null, value real not null,
            primary key (series, at)) without rowid;
        create index sample_at on sample (at);
        """,
    ];

    public static void Migrate(SqliteConnection connection)
    {
        connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on");
        var version = connection.ExecuteScalar<int>("pragma user_version");
        if (version > Steps.Length) throw new SchemaTooNewException($"it was written by a newer version (schema {version}, this one knows {Steps.Length})");
        using var transaction = connection.BeginTransaction();
        for (var step = version; step < Steps.Length; step++) connection.Execute(Steps[step], transaction: transaction);
        connection.Execute($"pragma user_version = {Steps.Length}", transaction: transaction);
        transaction.Commit();
    }
}

/// <summary>The store belongs to a newer server than this one.</summary>
internal sealed class SchemaTooNewException(string message) : Exception(message);
