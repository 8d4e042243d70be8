using Microsoft.Data.Sqlite;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Server.Store;

namespace Ulm.Server.Tests.Store;

/// <summary>Stores of other versions, and files that are none.</summary>
public sealed class StoreVersionsTests : StoreOnDisk
{
    [Fact]
    public async Task An_older_store_keeps_its_journal_and_its_unfinished_steps()
    {
        using (var store = SqliteStateStore.Open(FileName)) await store.AppendAsync([Step(JournalKind.Begun, "d1/1"), Step(JournalKind.Ended, "d1/1"), Step(JournalKind.Begun, "d1/2")], default);
        using (var old = new SqliteConnection($"Data Source={FileName};Pooling=false"))
        {
            old.Open();
            foreach (var index in new[] { "rule", "subject", "rule_subject", "at", "begun_at", "boot" }) Execute(old, $"drop index journal_{index}");
            Execute(old, "alter table journal drop column begins; alter table journal drop column author; alter table journal drop column details; drop table open_step; drop table kept; drop table lease; drop table tick; drop table policy_set; pragma user_version = 2");
        }

        using var again = SqliteStateStore.Open(FileName);
        Assert.Equal(["d1/2"], (await again.UnfinishedAsync(default)).Select(e => e.Step));
        Assert.Equal(3, (await again.ReadAsync(0, 10, default)).Count);
    }

    [Theory]
    [InlineData("vm/web1", "migrate vm web1 from h1 to h2 (site.ulm:1: host.cpu = 80% > 75%)", "Move web1 h1 h2")]
    [InlineData("vm/a b", "migrate vm a b from h1 to h2 gently (night: its time came)", "Move a b h1 h2")]
    [InlineData("host/h1", "power off host h1 (night: idle)", "PowerOff h1")]
    [InlineData("host/h1", "suspend host h1 (night: idle)", "PowerOff h1")]
    [InlineData("host/h1", "power on host h1 (day: load)", "PowerOn h1")]
    [InlineData("host/h1", "enter maintenance host h1 (ordered)", "Close h1")]
    [InlineData("host/h1", "open host h1 (ordered)", null)]
    [InlineData("site", "notify \"power off host h1\" (rule: x)", null)]
    public async Task What_an_older_store_tells_of_begun_steps_in_words_counts_on(string subject, string text, string? begun)
    {
        using (var store = SqliteStateStore.Open(FileName)) await store.AppendAsync([new JournalEntry(Noon, JournalKind.Begun, text) { Subject = subject, Step = "d1/1" }], default);
        using (var old = new SqliteConnection($"Data Source={FileName};Pooling=false"))
        {
            old.Open();
            Execute(old, "drop index journal_boot; alter table journal drop column begins; create index journal_power_on on journal (seq); pragma user_version = 5");
        }

        using var again = SqliteStateStore.Open(FileName);
        var entry = Assert.Single(await again.ReadAsync(0, 10, default));
        var action = entry.ToAction();
        Assert.Equal(begun, action is null ? null : string.Join(' ', new[] { action.Kind.ToString(), action.Subject, entry.Begins!.From, entry.Begins.To }.OfType<string>()));
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_by_name()
    {
        Folder.Write("sub/ulm.db", new string('x', 5000));
        var e = Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.Open(FileName));
        Assert.Contains(FileName, e.Message);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_and_left_alone()
    {
        using (SqliteStateStore.Open(FileName)) { }
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={FileName};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer version", Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.Open(FileName)).Message);
    }

    [Fact]
    public async Task A_store_opened_for_reading_is_not_written_and_another_file_not_made_a_store()
    {
        using (var store = SqliteStateStore.Open(FileName)) await store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "first")], default);
        using (var reader = SqliteStateStore.OpenReadOnly(FileName))
        {
            Assert.Equal(["first"], (await reader.ReadAsync(0, 10, default)).Select(e => e.Text));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => reader.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "x")], default));
        }

        var empty = Folder.Write("empty.db", "");
        Assert.Contains("no store of ULM", Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.OpenReadOnly(empty)).Message);
        Assert.Equal(0, new FileInfo(empty).Length);
        Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.OpenReadOnly(Folder.File("none.db")));
        Assert.False(File.Exists(Folder.File("none.db")));
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
