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
        "create table host_order (host text primary key, kept text not null)",
        """
        alter table journal add column author text;
        alter table journal add column details text;
        create index journal_rule on journal (rule, at) where rule is not null;
        create index journal_subject on journal (subject, at) where subject is not null;
        create index journal_rule_subject on journal (rule, subject, at) where rule is not null and subject is not null;
        create index journal_at on journal (at);
        create index journal_begun_at on journal (at) where kind = 'Begun';
        create index journal_power_on on journal (seq) where kind = 'Begun' and text >= 'power on host ' and text < 'power on host!';
        create table open_step (step text primary key, seq integer not null) without rowid;
        insert or replace into open_step select b.step, b.seq from journal b where b.kind = 'Begun' and b.step is not null
            and not exists (select 1 from journal e where e.step = b.step and e.seq > b.seq and e.kind in ('Ended', 'Refusal') and e.outcome is not 'in doubt');
        create table kept (what text primary key, kept text not null);
        """,
        "create table lease (scope text primary key, holder text not null, token integer not null, until integer not null)",
        """
        create table tick (at integer primary key, policies text not null, record blob not null);
        create table policy_set (hash text primary key, texts blob not null);
        """,
        // Until here what was begun stood in the words alone: "migrate vm V from A to B ...", "power off host H ...".
        """
        alter table journal add column begins text;
        update journal set begins = json_object('Kind', case
                when text like 'power off host %' or text like 'suspend host %' then 'PowerOff'
                when text like 'power on host %' then 'PowerOn'
                when text like 'drain host %' or text like 'enter maintenance host %' or text like 'shut down host %' then 'Close' end, 'Urgency', 'Rule')
            where kind = 'Begun' and subject like 'host/%';
        update journal set begins = null where begins is not null and begins ->> 'Kind' is null;
        update journal set begins = (
            with words (rest) as (select substr(text, length('migrate vm ' || substr(subject, 4) || ' from ') + 1)),
                hosts (source, target) as (select substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' to ') + 4) || ' ' from words)
            select json_object('Kind', 'Move', 'From', source, 'To', substr(target, 1, instr(target, ' ') - 1), 'Urgency', 'Rule') from hosts)
            where kind = 'Begun' and subject like 'vm/%' and text like 'migrate vm %';
        drop index journal_power_on;
        create index journal_boot on journal (seq) where begins ->> 'Kind' = 'PowerOn';
        """,
    ];

    public static void Migrate(SqliteConnection connection)
    {
        connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on");
        var version = Version(connection);
        using var transaction = connection.BeginTransaction();
        for (var step = version; step < Steps.Length; step++) connection.Execute(Steps[step], transaction: transaction);
        connection.Execute($"pragma user_version = {Steps.Length}", transaction: transaction);
        transaction.Commit();
    }

    /// <summary>Only looks whether this is a store with a journal that can be read.</summary>
    public static void Check(SqliteConnection connection)
    {
        connection.Execute("pragma busy_timeout = 5000");
        var ours = connection.ExecuteScalar<int>("select count(*) from sqlite_master where type = 'table' and name in ('journal', 'hold', 'series', 'sample')") == 4;
        if (Version(connection) < 1 || !ours) throw new SchemaForeignException("it is no store of ULM");
    }

    private static int Version(SqliteConnection connection)
    {
        var version = connection.ExecuteScalar<int>("pragma user_version");
        return version <= Steps.Length ? version : throw new SchemaForeignException($"it was written by a newer version (schema {version}, this one knows {Steps.Length})");
    }
}

/// <summary>The store belongs to a newer server than this one, or is none.</summary>
internal sealed class SchemaForeignException(string message) : Exception(message);
