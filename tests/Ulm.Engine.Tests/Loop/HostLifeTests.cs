using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A host is woken, looked over, and only then counted on; one that fails is left alone until a person clears it.</summary>
public class HostLifeTests
{
    private static readonly PolicySet OffAndOn = Some.Policies(
        Some.At("off", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0)),
        Some.At("on", new TimeOnly(12, 30), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)),
        Some.At("again", new TimeOnly(13, 0), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)));

    private static readonly PolicySet Relieve = Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu)));

    [Fact]
    public void Its_whole_life_stands_in_the_journal_with_its_times()
    {
        var run = TwoHosts().For(40, OffAndOn);

        Assert.Equal(
            [
                "12:10:00 host h2: on -> powering off: powered off by off",
                "12:10:30 host h2: powering off -> off: powered off by off",
                "12:30:00 host h2: off -> powering on: powered on by on",
                "12:30:00 host h2: powering on -> booting: the order was taken",
                "12:32:00 host h2: booting -> on: it answers, and is what it was before",
            ],
            run.Journal(JournalKind.Host));
    }

    [Fact]
    public void A_host_that_comes_up_without_its_storage_has_failed_and_is_not_woken_again_also_after_a_restart()
    {
        var run = TwoHosts();
        run.World.LosesStorage.Add("h2");
        run.For(50, OffAndOn);

        Assert.Equal("12:41:00 host h2: booting -> failed: it answers, and storage pool(s) shared are not active after 11m", run.Journal(JournalKind.Host).Last());
        Assert.Contains("host h2 has failed to wake: it answers, and storage pool(s) shared are not active after 11m. It is left alone until it is cleared: ulm-server power clear h2", run.Outside!.Told.Select(t => t.Text));
        run.World.Become("h2", HostState.Off);
        run.For(60, OffAndOn);
        Assert.Equal(["12:10:00 off h2", "12:30:00 on h2"], run.Calls);
    }

    [Fact]
    public void Whoever_orders_a_failed_host_on_is_told_how_it_is_counted_on_again()
    {
        var run = TwoHosts(HostState.Off);
        run.World.NeverBoots.Add("h2");
        var why = new List<string>();
        run.For(35, Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))),
            script: (33, async loop => why.AddRange((await loop.Operators.OrderAsync(new ManualOrder.PowerOn("h2"), "anna", null)).Plan.Refused.SelectMany(r => r.Why))));

        Assert.Equal(["it has failed to wake, and is left alone until `power clear h2`"], why);
    }

    [Fact]
    public void A_failed_host_takes_no_vm_though_it_answers_until_it_is_cleared_and_looked_over_again()
    {
        var run = TwoHosts(HostState.Off, load: 20);
        run.World.NeverBoots.Add("h2");
        run.For(35, Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))));
        Assert.Equal(HostPhase.Failed, run.Loop.Executor.Lives.Current["h2"].Phase);

        // It came up late, by itself.
        run.World.Become("h2", HostState.On);
        var hot = TwoVms(run);
        hot.For(20, Relieve);
        Assert.DoesNotContain(hot.Calls, c => c.Contains("migrate", StringComparison.Ordinal));

        hot.For(20, Relieve, script: (2.5, loop => _ = loop.Operators.ClearAsync("h2", "anna")));
        Assert.Contains(hot.Calls, c => c.Contains("to h2", StringComparison.Ordinal));
        Assert.Equal("anna", Assert.Single(hot.Store.Journal, e => e.Kind == JournalKind.Host && e.By is not null).By);
    }

    [Fact]
    public void Until_its_munin_answers_no_vm_goes_to_a_host_that_has_come_up()
    {
        var run = TwoVms(TwoHosts(HostState.Off));
        run.World.CantBeLookedOver.Add("h2");
        var policies = Some.Policies([.. Relieve.Rules, Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))]);
        run.For(40, policies, script: (18.5, _ => run.World.CantBeLookedOver.Remove("h2")));

        Assert.Equal(["12:10:00 on h2", "12:21:00 migrate"], run.Calls.Take(2).Select(c => c[..Math.Min(16, c.Length)].TrimEnd()));
    }

    [Fact]
    public void A_host_that_somebody_switched_on_is_looked_over_first()
    {
        var run = TwoVms(TwoHosts(HostState.Off));
        run.World.CantBeLookedOver.Add("h2");
        run.For(30, Relieve, script: [(5.5, _ => run.World.Become("h2", HostState.On)), (9.5, _ => run.World.CantBeLookedOver.Remove("h2"))]);

        Assert.StartsWith("12:11:00 migrate", run.Calls[0]);
        Assert.Equal("12:06:00 host h2: off -> booting: it answers, and nobody here powered it on", run.Journal(JournalKind.Host).First());
    }

    /// <summary>Killed while it boots, or shut down in order: the next run sees it through, or fails it.</summary>
    [Theory]
    [InlineData(true, true, HostPhase.On)]
    [InlineData(false, true, HostPhase.On)]
    [InlineData(true, false, HostPhase.Failed)]
    public void A_boot_that_a_restart_falls_into_is_seen_through(bool kill, bool boots, HostPhase end)
    {
        var run = TwoHosts(HostState.Off);
        if (!boots) run.World.NeverBoots.Add("h2");
        var on = Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)));
        run.For(10.5, on, kill);
        run.For(20, PolicySet.Empty);

        Assert.Equal(end, run.Loop.Executor.Lives.Current["h2"].Phase);
        Assert.Equal(["12:10:00 on h2"], run.Calls);
    }

    /// <summary>The server ended after it had put down what it was about to do, and before it did it.</summary>
    [Fact]
    public async Task A_host_that_may_never_have_got_its_order_has_not_failed()
    {
        var run = TwoHosts(HostState.Off);
        await run.Store.SaveLivesAsync([new HostLife("h2", HostPhase.PoweringOn, Run.Start, "powered on by on") { Ordered = true }], default);
        run.For(20, PolicySet.Empty);

        Assert.Equal(HostPhase.Off, run.Loop.Executor.Lives.Current["h2"].Phase);
    }

    [Fact]
    public async Task Only_a_host_that_has_failed_can_be_cleared()
    {
        var answers = new List<Task<string?>>();
        TwoHosts().For(3, PolicySet.Empty, script: (1.5, loop => answers.AddRange([loop.Operators.ClearAsync("h2", "anna"), loop.Operators.ClearAsync("h9", "anna")])));

        Assert.Equal(["host h2 has not failed: it is on", "there is no host h9"], await Task.WhenAll(answers));
    }

    /// <summary>Its BMC takes the order, and answers late or with a failure.</summary>
    [Fact]
    public void A_host_that_comes_on_by_an_order_that_failed_is_not_said_to_have_had_none()
    {
        var run = TwoHosts(HostState.Off);
        run.World.BmcRefuses.Add("h2");
        run.For(20, Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))), script: (12.5, _ => run.World.Become("h2", HostState.On)));

        Assert.Contains("12:13:00 host h2: off -> booting: it answers, though it was said that the order to power it on had failed", run.Journal(JournalKind.Host));
    }

    [Fact]
    public void An_order_that_is_refused_is_no_failed_wake()
    {
        var run = TwoHosts(HostState.Off);
        run.World.BmcRefuses.Add("h2");
        run.For(20, Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))));

        Assert.Equal("12:10:00 host h2: powering on -> off: the BMC of h2 refuses", run.Journal(JournalKind.Host).Last());
    }

    [Fact]
    public void Whatever_is_seen_a_life_goes_only_where_it_may()
    {
        var seen = Gen.Select(Gen.Enum<HostState>(), Gen.Bool, Gen.Bool);
        Gen.Select(Gen.Enum<HostPhase>(), Gen.Bool, seen.Array[1, 30]).Sample((phase, ordered, all) =>
        {
            var life = new HostLife("h1", phase, Some.Monday, "") { Ordered = ordered };
            foreach (var (state, answers, isEmpty) in all)
            {
                var next = HostLife.Next(life, state, answers, isEmpty);
                Assert.True(next == life.Phase || HostLife.MayFollow(life.Phase, next), $"{life.Phase} -> {next} on {state}, answers {answers}, empty {isEmpty}");
                Assert.False(life.IsUnproven && next is HostPhase.On or HostPhase.Draining or HostPhase.Empty, $"{life.Phase} -> {next} without a look");
                life = life with { Phase = next };
            }
        });
    }

    private static Run TwoHosts(HostState second = HostState.On, double load = 10) =>
        new([Some.Host("h1"), Some.Host("h2", second)], [Some.Vm("a", "h1")], (_, _) => load);

    /// <summary>The same site, with a first host that is overloaded.</summary>
    private static Run TwoVms(Run like)
    {
        var run = new Run(like.World.Hosts.Values, [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, _) => 90, like.Time.GetUtcNow());
        run.Store.SaveLivesAsync(like.Store.LoadLivesAsync(default).Result, default).Wait();
        return run;
    }
}
