using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>
/// A firing of which nothing came is no firing to be content with: the rule asks again while its condition stays true, with a second mark or
/// without. h1 runs a, b and c at full CPU; h2 has no room until 12:30, and idle from then on.
/// </summary>
public class FiringsInVainTests
{
    private static readonly PolicyAction.Evacuate OneVm = new(true, Resource.Cpu);
    private static readonly PolicyAction.Notify Tell = new("{host.name} is hot", null);

    [Fact]
    public void With_a_second_mark_a_refused_evacuation_asks_again_as_without_one()
    {
        var run = Hot().For(90, Some.Policies(Relieve() with { Until = Some.Below(PolicyAttribute.HostCpu, 65) }));

        Assert.Contains(run.Journal(JournalKind.Refusal), r => r.StartsWith("12:10:00", StringComparison.Ordinal));
        Assert.Equal(Hot().For(90, Some.Policies(Relieve())).Calls, run.Calls);
        Assert.Single(run.Calls);
    }

    [Fact]
    public void With_a_second_mark_a_migration_that_failed_is_tried_again()
    {
        var run = Hot(h2FullUntil: 0);
        run.World.FateOf = _ => run.Time.GetUtcNow() < Run.Start.AddMinutes(30) ? MigrationFate.Fails : MigrationFate.Moves;
        run.For(90, Some.Policies(Relieve() with { Until = Some.Below(PolicyAttribute.HostCpu, 65) }));

        Assert.True(run.Calls.Count > 1, string.Join(", ", run.Calls));
        Assert.Equal("h2", run.World.Vms["a"].Host);
    }

    /// <summary>b and c keep h1 above the first mark: no second move before the second mark was reached.</summary>
    [Fact]
    public void With_a_second_mark_a_move_that_was_done_is_the_last_until_it_is_reached()
    {
        var run = Hot(h2FullUntil: 0).For(90, Some.Policies(Relieve(above: 60) with { Until = Some.Below(PolicyAttribute.HostCpu, 50) }));

        Assert.Equal(["12:10:00 migrate a to h2"], run.Calls);
    }

    [Fact]
    public void With_a_second_mark_a_rule_that_was_outvoted_asks_again()
    {
        var other = Some.When("other", Some.Above(PolicyAttribute.HostCpu, 80), TimeSpan.FromMinutes(10), OneVm with { Order = VmOrder.Lightest });
        var run = Hot(h2FullUntil: 0).For(90, Some.Policies(other with { Priority = 10 }, Relieve(above: 70) with { Until = Some.Below(PolicyAttribute.HostCpu, 65) }));

        Assert.Contains("12:10:00", run.Journal(JournalKind.Refusal).First(), StringComparison.Ordinal);
        Assert.Equal(["migrate c to h2", "migrate a to h2"], run.Calls.Select(c => c[9..]));
    }

    [Fact]
    public void A_rule_that_found_no_host_to_power_on_asks_again_when_one_is_off()
    {
        var wake = Some.When("wake", Some.Above(PolicyAttribute.HostCpu, 70), TimeSpan.FromMinutes(5), new PolicyAction.PowerOn(1));
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 8)], (_, _) => 90);
        var world = run.World;
        run.For(60, Some.Policies(wake), script: (30, _ => world.Become("h2", HostState.Off)));
        Assert.EndsWith("on h2", Assert.Single(run.Calls), StringComparison.Ordinal);
    }

    /// <summary>h1 finds no room for any of its VMs, as h2 is full: more hosts are what is needed, and the rule that says so has the same mark and comes second.</summary>
    [Theory]
    [InlineData(RuleMode.Enforce)]
    [InlineData(RuleMode.Recommend)]
    public void A_rule_that_is_refused_takes_nothing_from_another_on_the_same_host(RuleMode mode)
    {
        var wake = Some.When("wake", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(10), new PolicyAction.PowerOn(1)) with { Mode = mode };
        var run = Hot(h2FullUntil: 240, more: Some.Host("h4", HostState.Off)).For(40, Some.Policies(Relieve() with { Priority = 10, Mode = mode }, wake));

        Assert.Contains(run.Journal(JournalKind.Refusal), r => r.Contains("relieve", StringComparison.Ordinal));
        if (mode == RuleMode.Enforce) Assert.Contains("12:10:00 on h4", run.Calls);
        else Assert.Contains(run.Journal(JournalKind.Decision), r => r.StartsWith("12:10:00 recommended", StringComparison.Ordinal) && r.Contains("power on host h4", StringComparison.Ordinal));
    }

    /// <summary>It is asked again every five polls, though a notification can always be sent.</summary>
    [Fact]
    public void Beside_what_is_refused_again_and_again_people_are_told_once()
    {
        var run = Hot(h2FullUntil: 240).For(120, Some.Policies(Relieve(holdFor: 0, and: Tell)));

        Assert.Equal("h1 is hot", Assert.Single(run.Outside!.Told).Text);
        Assert.InRange(run.Journal(JournalKind.Decision).Count(), 15, 25);
    }

    [Fact]
    public void They_are_told_again_when_the_condition_was_false_between()
    {
        var run = Hot(h2FullUntil: 240, calmAt: 60).For(120, Some.Policies(Relieve(holdFor: 0, and: Tell)));

        Assert.Equal([0, 1], run.Outside!.Told.Select(t => t.At.Hour - Run.Start.Hour));
    }

    [Fact]
    public void What_was_told_is_known_after_a_restart()
    {
        var run = Hot(h2FullUntil: 240);
        run.For(30, Some.Policies(Relieve(holdFor: 0, and: Tell)));
        run.For(30, Some.Policies(Relieve(holdFor: 0, and: Tell)));

        Assert.Single(run.Outside!.Told);
    }

    private static Rule Relieve(double above = 80, double holdFor = 10, params PolicyAction[] and) =>
        Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, above), TimeSpan.FromMinutes(holdFor), [OneVm, .. and]);

    /// <param name="calmAt">For two minutes nothing uses CPU.</param>
    private static Run Hot(double h2FullUntil = 30, double calmAt = -10, params ReadOnlySpan<Host> more) => new(
        [Some.Host("h1"), Some.Host("h2"), Some.Host("h3", cpus: 2), .. more],
        [Some.Vm("a", "h1", vcpus: 3), Some.Vm("b", "h1", vcpus: 3), Some.Vm("c", "h1", vcpus: 2), Some.Vm("x", "h2", vcpus: 8), Some.Vm("y", "h3", vcpus: 2)],
        (vm, at) => (at - Run.Start).TotalMinutes is var minute && minute >= calmAt && minute < calmAt + 2 ? 1
            : vm switch { "x" => minute < h2FullUntil ? 79 : 1, "y" => 55, _ => 100 });
}
