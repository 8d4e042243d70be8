using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using Ulm.Server.Store;

namespace Ulm.Server.Tests.Store;

public sealed class SqliteStateStoreTests : StoreOnDisk
{
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
}
