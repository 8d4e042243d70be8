using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Actions;

/// <summary>How a VM is moved follows from why.</summary>
public class MigrationMannerTests
{
    private static readonly Rule Relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(false, Resource.Cpu));

    private static readonly Rule Drain = Some.When("leave", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Drain(null));

    public static TheoryData<string, string, PolicyAction> Actions => new()
    {
        { "urgent", "12:02:00 migrate vm a from h1 to h2 urgently (", new PolicyAction.Drain("h1") },
        { "normal", "12:02:00 migrate vm a from h1 to h2 (", new PolicyAction.MigrateVm("a", "h2") },
        { "gentle", "12:02:00 migrate vm a from h1 to h2 gently (", new PolicyAction.Balance(Resource.Cpu, 5) },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void The_manner_is_of_the_action_and_the_journal_says_it(string manner, string text, PolicyAction action)
    {
        var run = Hot();

        run.For(4, Some.Policies(Some.At("r", new TimeOnly(12, 2), DaysOfWeek.Daily, action)));

        Assert.Equal(manner, run.World.Manners["a"].Name);
        Assert.Contains(run.Journal(JournalKind.Begun), t => t.StartsWith(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_move_that_a_drain_has_hastened_is_made_urgently()
    {
        // Two at a time leave h1; the third waits when its host is to be empty.
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [.. "abcd".Select(v => Some.Vm($"{v}", "h1", gib: 8))], (_, _) => 5);
        run.Options = run.Options with { Executor = run.Options.Executor with { MigrationsPerHost = 1 } };

        run.For(6, Some.Policies(Some.At("even", new TimeOnly(12, 2), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Memory, 5))), script: (2.1, async loop => await loop.Operators.OrderAsync(new ManualOrder.Drain("h1", null), "ann", null)));

        Assert.Equal(["gentle", "urgent", "urgent", "urgent"], run.Asked.Where(a => a.What == "migrate").Select(a => run.World.Manners[a.Subject].Name));
    }

    /// <summary>Aborted in post-copy, a VM is lost: neither host has all of it.</summary>
    [Theory]
    [InlineData(60, "12:41:00 migrate vm a from h1 to h2: runs on h2 after 40m, by post-copy")]
    [InlineData(10, "12:41:00 migrate vm a from h1 to h2: runs on h2 after 40m, by post-copy")]
    public void In_post_copy_neither_a_time_limit_nor_a_server_that_stops_aborts_it(double minutes, string end)
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.IsInPostCopy;

        run.For(minutes, Some.Policies(Drain));

        Assert.Empty(run.World.Aborted);
        Assert.Contains(end, run.Journal(JournalKind.Ended));
    }

    [Fact]
    public void What_broke_in_post_copy_is_said_to_be_just_that_and_left_alone()
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.BreaksInPostCopy;

        run.For(30, Some.Policies(Relieve));

        var end = Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended);
        Assert.Equal("in doubt", end.Outcome);
        Assert.StartsWith("migrate vm a from h1 to h2: it broke in post-copy: h1 and h2 each have a part of its memory. Stop neither;", end.Text);
        Assert.Single(run.Asked, a => a.Subject == "a");
    }

    [Fact]
    public void What_a_plan_takes_counts_with_the_bandwidth_of_its_manner()
    {
        var wide = new Run([.. Enumerable.Range(1, 2).Select(h => Some.Host($"h{h}") with { NetMbps = 10_000 })], [.. "ab".Select(v => Some.Vm($"{v}", "h1", gib: 20))], (_, _) => 5);
        var plans = new List<Plan>();

        wide.For(4, Some.Policies(Some.At("even", new TimeOnly(12, 2), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Memory, 5))), script: (0.1, loop => loop.Looked += (_, look) => plans.Add(look.Plan)));

        // 20 GiB at 200 MiB/s, and 2 s to set up.
        Assert.Equal(104.4, Assert.Single(plans, p => p.Steps.Length > 0).Takes!.Value.TotalSeconds, 0.1);
    }

    /// <summary>The next server goes on by the same limits as the one that began it.</summary>
    [Fact]
    public void A_migration_that_is_taken_over_keeps_its_manner()
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.Hangs;
        run.For(3, Some.Policies(Drain), kill: true);
        run.Options = run.Options with { Executor = run.Options.Executor with { Manners = MigrationManners.Default with { Urgent = MigrationManners.Default.Urgent with { TimeLimit = TimeSpan.FromMinutes(7) } } } };
        run.For(12, PolicySet.Empty);

        Assert.Contains(run.Journal(JournalKind.Ended), t => t.EndsWith("begun by the last run and seen through, aborted after 7m: it still runs on h1", StringComparison.Ordinal));
    }

    private static Run Hot() => new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 3)], (_, _) => 100);
}
