using Microsoft.Data.Sqlite;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using Ulm.Server.Store;

namespace Ulm.Server.Tests.Store;

public sealed class SqliteStateStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string FileName => _folder.File("sub/ulm.db");

    [Fact]
    public async Task The_journal_outlives_the_process_as_it_was_written()
    {
        var entry = new JournalEntry(Noon, JournalKind.Refusal, "text") { Decision = "d1", Rule = "r", Subject = "host/h1", Step = "d1/1", Outcome = "ULM6203", Why = ["a", "b"] };
        using (var store = SqliteStateStore.Open(FileName)) await store.AppendAsync([entry, entry with { Text = "second" }], default);
        using var again = SqliteStateStore.Open(FileName);
        var read = await again.ReadAsync(0, 10, default);
        Assert.Equal(["text", "second"], read.Select(e => e.Text));
        Assert.Equal([1L, 2L], read.Select(e => e.Sequence));
        Assert.Equal(entry with { Sequence = 1, Why = [] }, read[0] with { Why = [] });
        Assert.Equal(["a", "b"], read[0].Why);
    }

    [Fact]
    public async Task Reading_gives_the_newest_oldest_first_after_a_sequence()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([.. Enumerable.Range(1, 10).Select(i => new JournalEntry(Noon, JournalKind.Rule, $"{i}"))], default);
        Assert.Equal(["9", "10"], (await store.ReadAsync(0, 2, default)).Select(e => e.Text));
        Assert.Equal(["8", "9", "10"], (await store.ReadAsync(7, 100, default)).Select(e => e.Text));
        Assert.Empty(await store.ReadAsync(10, 100, default));
    }

    [Fact]
    public async Task A_begun_step_is_unfinished_until_its_end_is_written()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([Step(JournalKind.Begun, "d1/1"), Step(JournalKind.Begun, "d1/2"), Step(JournalKind.Begun, "d1/3")], default);
        await store.AppendAsync([Step(JournalKind.Ended, "d1/1"), Step(JournalKind.Refusal, "d1/3")], default);
        Assert.Equal(["d1/2"], (await store.UnfinishedAsync(default)).Select(e => e.Step));
    }

    [Fact]
    public async Task Old_entries_are_pruned_a_few_at_a_time_but_none_of_a_step_that_is_not_over()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([.. Enumerable.Range(0, 10).Select(i => new JournalEntry(Noon.AddDays(i), JournalKind.Rule, $"{i}"))], default);
        await store.AppendAsync([Step(JournalKind.Begun, "open/1"), Step(JournalKind.Begun, "over/1"), Step(JournalKind.Ended, "over/1")], default);

        Assert.Equal(4, await store.PruneAsync(Noon.AddDays(5), 4, default));
        Assert.Equal(3, await store.PruneAsync(Noon.AddDays(5), 4, default));

        Assert.Equal(["5", "6", "7", "8", "9"], (await store.FindAsync(new JournalQuery(100), default)).Where(e => e.Step is null).Select(e => e.Text));
        Assert.Equal(["open/1"], (await store.FindAsync(new JournalQuery(100), default)).Where(e => e.Step is not null).Select(e => e.Step));
        Assert.Equal(["open/1"], (await store.UnfinishedAsync(default)).Select(e => e.Step));
    }

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

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public async Task A_hold_is_kept_with_what_the_journal_tells_of_it_or_not_at_all()
    {
        using var store = SqliteStateStore.Open(FileName);
        var hold = new OperatorHold(SubjectRef.Host("h1"), "ann", "fan", Noon, Noon.AddHours(1));
        await store.SaveOperatorHoldsAsync([hold], new JournalEntry(Noon, JournalKind.Decision, "held"), default);
        await store.LeaseAsync(new LeaseWish("site", "other", null, Noon, TimeSpan.FromSeconds(30)), default);
        store.Fence = new Fence("site", 0);

        await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => store.SaveOperatorHoldsAsync([], new JournalEntry(Noon, JournalKind.Decision, "ended"), default));

        Assert.Equal(hold, Assert.Single(await store.LoadOperatorHoldsAsync(default)));
        Assert.Equal("held", Assert.Single(await store.ReadAsync(0, 10, default)).Text);
    }

    [Fact]
    public async Task A_look_is_kept_with_its_policies_and_found_by_its_instant()
    {
        using var store = SqliteStateStore.Open(FileName);
        var policies = PolicyCompiler.Compile([new SourceText("p.ulm", "always keep 1 host on\n")]).Policies;
        var facts = new FactsRecord(Noon, "UTC", TimeSpan.FromMinutes(1), [new Host { Name = "h1", Cpus = 4, MemoryBytes = 8, Tags = ["ssd"] }], [])
        {
            Samples = [new(SubjectRef.Host("h1"), "host.cpu", Noon, 81.25)],
            Holds = [new OperatorHold(SubjectRef.Host("h1"), "ann", "fan", Noon, Noon.AddHours(1))],
        };
        var tick = new TickRecord(7, policies.Hash, RuleMode.Enforce, 80, 95, facts, [], [new("night", Noon)], [], 2);

        await store.SaveTickAsync(tick, policies, default);

        var found = (await store.LoadTickAsync(Noon, default))!.Value;
        Assert.Equal(tick.Pack(), found.Tick.Pack());
        Assert.Equal(policies.Hash, PolicyCompiler.Compile(found.Policies).Policies.Hash);
        Assert.Null(await store.LoadTickAsync(Noon.AddSeconds(1), default));
    }

    /// <summary>Each VM that ever was leaves names in the store, and each edit of the policies a text. What a kept look was taken under stays, so that it can be taken again.</summary>
    [Fact]
    public async Task What_nothing_refers_to_any_more_is_pruned_and_what_a_replay_needs_is_not()
    {
        using var store = SqliteStateStore.Open(FileName);
        var texts = new[] { "always keep 1 host on\n", "always keep 2 hosts on\n", "always keep 3 hosts on\n" }.Select(t => PolicyCompiler.Compile([new("p.ulm", t)]).Policies).ToList();
        await store.SaveTickAsync(TickAt(Noon.AddDays(-40), texts[0]), texts[0], default);
        await store.SaveTickAsync(TickAt(Noon.AddDays(-29), texts[1]), texts[1], default);
        await store.SaveTickAsync(TickAt(Noon, texts[2]), texts[2], default);
        await store.SaveSamplesAsync([new(SubjectRef.Vm("gone"), PolicyAttribute.VmCpu, Noon.AddDays(-3), 10), new(SubjectRef.Vm("here"), PolicyAttribute.VmCpu, Noon.AddDays(-3), 10)], default);
        await store.SaveSamplesAsync([new(SubjectRef.Vm("here"), PolicyAttribute.VmCpu, Noon, 20)], default);

        Assert.Equal(2, await store.PruneUnusedAsync(default));
        Assert.Equal(0, await store.PruneUnusedAsync(default));

        Assert.Equal([texts[1].Hash, texts[2].Hash], [.. await Task.WhenAll(new[] { Noon.AddDays(-29), Noon }.Select(async at => PolicyCompiler.Compile((await store.LoadTickAsync(at, default))!.Value.Policies).Policies.Hash))]);
        await store.SaveSamplesAsync([new(SubjectRef.Vm("gone"), PolicyAttribute.VmCpu, Noon, 30)], default);
        Assert.Equal([("here", 20.0), ("gone", 30.0)], (await store.LoadSamplesAsync([new SampleWish(PolicyAttribute.VmCpu, Noon.AddDays(-1), Noon.AddDays(-1))], default)).Select(s => (s.Subject.Name, s.Value)).OrderBy(s => s.Value));

        static TickRecord TickAt(DateTimeOffset at, PolicySet policies) => new(
            1, policies.Hash, RuleMode.Enforce, 80, 95, new FactsRecord(at, "UTC", TimeSpan.FromMinutes(1), [], []), [], [], [], 0);
    }

    [Fact]
    public async Task What_was_begun_since_a_time_is_read_back_for_budgets()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([Begun(-3), Begun(-2), Begun(-1), Begun(-1) with { Kind = JournalKind.Ended }], default);

        Assert.Equal([-2.0, -1.0], (await store.BegunSinceAsync(Noon.AddHours(-2), default)).Select(e => (e.At - Noon).TotalHours));

        static JournalEntry Begun(int hour) => new(Noon.AddHours(hour), JournalKind.Begun, "migrate vm a from h1 to h2");
    }

    [Fact]
    public async Task Boots_that_were_seen_through_are_read_back_with_what_they_took()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync(
            [
                .. Power(1, "on", "h1", 100, "succeeded"), .. Power(2, "on", "h2", 200, "succeeded"), .. Power(3, "on", "h1", 600, "failed"), .. Power(4, "off", "h1", 30, "succeeded"),
                .. Power(5, "on", "h1", 110, "succeeded"), .. Power(6, "on", "h3", 1, null),
            ],
            default);

        Assert.Equal([("h1", 100.0), ("h2", 200.0), ("h1", 110.0)], (await store.BootsAsync(10, default)).Select(b => (b.Host, b.Took.TotalSeconds)));
        Assert.Equal([("h2", 200.0), ("h1", 110.0)], (await store.BootsAsync(2, default)).Select(b => (b.Host, b.Took.TotalSeconds)));

        static IEnumerable<JournalEntry> Power(int step, string what, string host, int seconds, string? outcome)
        {
            var begun = new JournalEntry(Noon.AddHours(step), JournalKind.Begun, $"power {what} host {host} (rule: because)") { Subject = $"host/{host}", Step = $"d/{step}", Begins = new BegunStep(what == "on" ? BegunKind.PowerOn : BegunKind.PowerOff) };
            return outcome is null ? [begun] : [begun, begun with { Kind = JournalKind.Ended, At = begun.At.AddSeconds(seconds), Outcome = outcome, Begins = null }];
        }
    }

    [Fact]
    public async Task Orders_of_hosts_come_back_as_they_were_saved()
    {
        var order = new HostOrder("h1", HostOrderKind.ShutDown, HostOrderPhase.Off, "rule", Noon) { OnAgainAt = Noon.AddHours(2), Vms = ["a", "b"] };
        using (var store = SqliteStateStore.Open(FileName))
        {
            Assert.Empty(await store.LoadOrdersAsync(default));
            await store.SaveOrdersAsync([order with { Host = "h2" }, order with { Host = "h3" }], default);
            await store.SaveOrdersAsync([order], default);
        }

        using var again = SqliteStateStore.Open(FileName);
        var loaded = Assert.Single(await again.LoadOrdersAsync(default));
        Assert.Equal(order with { Vms = [] }, loaded with { Vms = [] });
        Assert.Equal(["a", "b"], loaded.Vms);
    }

    [Fact]
    public async Task Lives_of_hosts_come_back_as_they_were()
    {
        var life = new HostLife("h1", HostPhase.Failed, Noon, "it does not answer after 11m") { Ordered = true, Before = new HostPortrait("Skylake", ["avx2"], 8, 1 << 30, ["shared"]) };
        using (var store = SqliteStateStore.Open(FileName))
        {
            await store.SaveLivesAsync([life with { Host = "h2" }], default);
            await store.SaveLivesAsync([life], default);
        }

        using var again = SqliteStateStore.Open(FileName);
        var kept = Assert.Single(await again.LoadLivesAsync(default));
        Assert.Equal((life with { Before = null }, "Skylake"), (kept with { Before = null }, kept.Before!.CpuModel));
        Assert.Empty(kept.Before.LostSince(life.Before!));
    }

    [Fact]
    public async Task Hold_states_come_back_as_they_were_saved()
    {
        var holds = new SavedHolds(Noon, [new SavedHold("rule", "print", SubjectRef.Host("h1"), HoldState.Pending, Noon.AddMinutes(-3), default, Noon.AddMinutes(-9)), new SavedHold("night", "print", null, HoldState.Cooling, Noon, Noon.AddHours(1), default),
            new SavedHold("lost", "print", SubjectRef.Vm("v1"), HoldState.Pending, Noon, default, default) { Group = SubjectRef.Cluster("a") }])
        {
            GoingOn = [new SavedGoing("d1", "wake", "print", null, Noon, "its time came"), new SavedGoing("d2", "wake", "print", SubjectRef.Cluster("a"), Noon, "a host fails")],
        };
        using (var store = SqliteStateStore.Open(FileName))
        {
            Assert.Null(await store.LoadHoldsAsync(default));
            await store.SaveHoldsAsync(holds with { Holds = [] }, default);
            await store.SaveHoldsAsync(holds, default);
        }

        using var again = SqliteStateStore.Open(FileName);
        var loaded = await again.LoadHoldsAsync(default);
        Assert.Equal(Noon, loaded!.At);
        Assert.Equal(holds.Holds, loaded.Holds);
        Assert.Equal(holds.GoingOn, loaded.GoingOn);
    }

    [Fact]
    public async Task Samples_are_kept_for_two_days_and_once_each()
    {
        using var store = SqliteStateStore.Open(FileName);
        var old = new Measurement(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, Noon.AddDays(-3), 10);
        var now = new Measurement(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, Noon, 20);
        await store.SaveSamplesAsync([old], default);
        await store.SaveSamplesAsync([now, now], default);
        Assert.Equal([20.0], Samples());

        IEnumerable<double> Samples()
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={FileName};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "select value from sample order by at";
            using var reader = command.ExecuteReader();
            while (reader.Read()) yield return reader.GetDouble(0);
        }
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        using var store = SqliteStateStore.Open(FileName);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, $"{i}")], default)));
        Assert.Equal(50, (await store.ReadAsync(0, 100, default)).Select(e => e.Sequence).Distinct().Count());
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_by_name()
    {
        _folder.Write("sub/ulm.db", new string('x', 5000));
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

        var empty = _folder.Write("empty.db", "");
        Assert.Contains("no store of ULM", Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.OpenReadOnly(empty)).Message);
        Assert.Equal(0, new FileInfo(empty).Length);
        Assert.Throws<StoreUnavailableException>(() => SqliteStateStore.OpenReadOnly(_folder.File("none.db")));
        Assert.False(File.Exists(_folder.File("none.db")));
    }

    [Fact]
    public async Task Once_its_disk_is_full_an_append_fails_and_leaves_no_half_entry()
    {
        using var store = SqliteStateStore.Open(FileName);
        await store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "first")], default);
        store.LimitSizeForTests(pages: 20);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(
            [new JournalEntry(Noon, JournalKind.Rule, "small"), new JournalEntry(Noon, JournalKind.Rule, new string('x', 1 << 20))], default));
        Assert.Equal(["first"], (await store.ReadAsync(0, 10, default)).Select(e => e.Text));
    }

    [Fact]
    public async Task Samples_come_back_each_or_as_means_of_five_minutes()
    {
        using (var store = SqliteStateStore.Open(FileName))
        {
            for (var minute = 0; minute < 20; minute++)
                await store.SaveSamplesAsync([new(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, Noon.AddMinutes(minute), minute), new(SubjectRef.Host("h1"), PolicyAttribute.HostMemory, Noon.AddMinutes(minute), 1)], default);
        }

        using var again = SqliteStateStore.Open(FileName);
        var samples = await again.LoadSamplesAsync([new SampleWish(PolicyAttribute.HostCpu, Noon.AddMinutes(14), Noon.AddMinutes(4))], default);

        Assert.All(samples, s => Assert.Equal((SubjectRef.Host("h1"), PolicyAttribute.HostCpu), (s.Subject, s.Attribute)));
        Assert.Equal([(9, 7.0), (14, 12), (15, 15), (16, 16), (17, 17), (18, 18), (19, 19)], samples.Select(s => ((s.At - Noon).TotalMinutes, s.Value)));
    }

    /// <summary>Two servers, two connections: what the lease's last holder writes after another has taken it is refused, of every kind, and leaves nothing.</summary>
    [Fact]
    public async Task Whoever_has_lost_the_lease_writes_nothing()
    {
        using var a = SqliteStateStore.Open(FileName);
        using var b = SqliteStateStore.Open(FileName);
        a.Fence = new Fence("site", (await a.LeaseAsync(new LeaseWish("site", "a", null, Noon, TimeSpan.FromSeconds(30)), default)).Token);
        await a.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "by a")], default);

        var waits = await b.LeaseAsync(new LeaseWish("site", "b", null, Noon, TimeSpan.FromSeconds(30)), default);
        var takes = await b.LeaseAsync(new LeaseWish("site", "b", null, Noon, TimeSpan.FromSeconds(30)) { Unrenewed = TimeSpan.FromSeconds(30) }, default);

        Assert.Equal(("a", 1, "b", 2), (waits.Holder, waits.Token, takes.Holder, takes.Token));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "late")], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, "late", Noon)], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SavePendingPlansAsync(["late"], default));
        await Assert.ThrowsAsync<LeaseLostException>(() => a.SaveHoldsAsync(new SavedHolds(Noon, []), default));
        Assert.Equal("b", (await a.LeaseAsync(new LeaseWish("site", "a", 1, Noon, TimeSpan.FromSeconds(30)), default)).Holder);
        b.Fence = new Fence("site", takes.Token);
        await b.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "by b")], default);
        Assert.Equal(["by a", "by b"], (await b.ReadAsync(0, 10, default)).Select(e => e.Text));
        Assert.Empty(await b.LoadOrdersAsync(default));
        Assert.Null(await b.LoadHoldsAsync(default));
    }

    [Fact]
    public async Task Once_there_is_room_on_the_disk_again_the_store_keeps_what_it_is_given()
    {
        using var store = SqliteStateStore.Open(FileName);
        store.LimitSizeForTests(pages: 20);
        for (var times = 0; times < 3; times++)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, new string('x', 1 << 20))], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, new string('x', 1 << 20), Noon)], default));

        store.LimitSizeForTests(pages: 2000);

        await store.AppendAsync([new JournalEntry(Noon, JournalKind.Rule, "again")], default);
        Assert.Equal(["again"], (await store.ReadAsync(0, 10, default)).Select(e => e.Text));
        Assert.Empty(await store.LoadOrdersAsync(default));
    }

    /// <summary>Whatever stands in it that makes no sense: the file is named, and nobody acts on it.</summary>
    [Theory]
    [InlineData("update hold set holds = '{'")]
    [InlineData("update hold set saved_at = 'x'")]
    [InlineData("update journal set at = 'abc'")]
    [InlineData("update journal set at = -5")]
    [InlineData("update journal set kind = 'Nothing'")]
    [InlineData("update journal set text = x'00ff'")]
    [InlineData("update journal set details = '[]'")]
    [InlineData("update kept set kept = '[null]' where what = 'host lives'")]
    [InlineData("update kept set kept = '[{}]' where what = 'host lives'")]
    [InlineData("update kept set kept = '[null]' where what = 'going on'")]
    [InlineData("update kept set kept = '[{}]' where what = 'going on'")]
    [InlineData("update host_order set kept = 'null'")]
    [InlineData("update host_order set kept = '{}'")]
    public async Task What_makes_no_sense_is_a_store_that_fails(string damage)
    {
        using (var store = SqliteStateStore.Open(FileName))
        {
            await store.AppendAsync([Step(JournalKind.Begun, "d1/1")], default);
            await store.SaveHoldsAsync(new SavedHolds(Noon, []), default);
            await store.SaveLivesAsync([new HostLife("h1", HostPhase.On, Noon, "first seen")], default);
            await store.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Drained, HostOrderPhase.Closed, "gather", Noon)], default);
        }

        using (var connection = new SqliteConnection($"Data Source={FileName};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        using var damaged = SqliteStateStore.Open(FileName);
        Func<Task>[] start = [() => damaged.LoadHoldsAsync(default), () => damaged.UnfinishedAsync(default), () => damaged.LoadLivesAsync(default), () => damaged.LoadOrdersAsync(default)];
        var failed = new List<string>();
        foreach (var load in start)
        {
            try
            {
                await load();
            }
            catch (StoreUnavailableException e)
            {
                failed.Add(e.Message);
            }
        }

        Assert.Contains(FileName, Assert.Single(failed));
    }

    private static JournalEntry Step(JournalKind kind, string step) => new(Noon, kind, step) { Step = step };
}
