using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A host that goes off by itself is a fault, and says what went with it; one that was told to go is none.</summary>
public class HostOutageTests
{
    private static readonly PolicySet Off = Some.Policies(Some.At("off", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0)));

    [Fact]
    public void A_host_that_loses_its_power_is_a_fault_until_it_is_back()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.PullPlug("h1")), (7.5, _ => run.World.Become("h1", HostState.On))]);

        Assert.Equal(
            ["12:04:00 h1: host h1 went off though ULM did not tell it to; 2 VMs ran there: a, b", "12:08:00 h1: answers again after 4m"],
            run.Journal(JournalKind.Fault));
    }

    /// <summary>What can't be written is told once it can.</summary>
    [Fact]
    public void A_host_that_loses_its_power_while_the_store_is_full_is_told_of_when_it_is_not()
    {
        var run = TwoHosts();
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() is var now && now > Run.Start.AddMinutes(2.5) && now < Run.Start.AddMinutes(5.5);
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.PullPlug("h1"))]);

        Assert.Equal(["12:06:00 h1: host h1 went off though ULM did not tell it to; 2 VMs ran there: a, b"], run.Journal(JournalKind.Fault));
    }

    [Fact]
    public void A_host_that_did_not_answer_before_it_was_seen_off_is_one_too()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.Silent.Add("h1")), (6.5, _ => run.World.PullPlug("h1"))]);

        Assert.Contains("12:07:00 h1: host h1 went off though ULM did not tell it to; 2 VMs ran there: a, b", run.Journal(JournalKind.Fault));
    }

    /// <summary>What fits nowhere runs on where it is. That a closed host runs nothing and is switched off by somebody is no fault.</summary>
    [Theory]
    [InlineData(40, false)]
    [InlineData(40, true)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public void One_that_is_closed_is_a_fault_where_it_still_ran_something(int gib, bool comesBack)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", gib: 16)], [Some.Vm("large", "h1", gib)], (_, _) => 10);
        run.For(15, PolicySet.Empty, script:
        [
            (3.5, async loop => await loop.Operators.OrderAsync(new ManualOrder.Drain("h1", null), "ann", null)),
            (8.5, _ => { if (comesBack) run.World.Restart("h1"); else run.World.PullPlug("h1"); }),
        ]);

        var told = run.Journal(JournalKind.Fault).Where(t => t.StartsWith("12:09:00 ", StringComparison.Ordinal) && t.EndsWith("vm large ran there", StringComparison.Ordinal));
        Assert.Equal(gib == 40 ? 1 : 0, told.Count());
    }

    [Fact]
    public void A_host_that_was_told_to_go_is_none() => Assert.Empty(TwoHosts().For(15, Off).Journal(JournalKind.Fault));

    [Fact]
    public void A_host_that_was_off_before_anyone_looked_is_none()
    {
        var run = TwoHosts();
        run.World.PullPlug("h1");

        Assert.Empty(run.For(5, PolicySet.Empty).Journal(JournalKind.Fault));
    }

    /// <summary>It answers at every look, and all that ran there is gone.</summary>
    [Fact]
    public void A_host_that_crashed_and_came_back_between_two_looks_is_a_fault_with_what_ran_there()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: (3.5, _ => run.World.Restart("h1")));

        Assert.Equal(["12:04:00 host h1 started anew, and ULM did not tell it to; 2 VMs ran there: a, b"], run.Journal(JournalKind.Fault));
        Assert.Equal("12:04:00 host h1: on -> booting: it started anew, and ULM did not tell it to", run.Journal(JournalKind.Host).First());
    }

    [Fact]
    public void So_is_one_that_did_not_answer_for_a_while_and_then_runs_nothing_of_what_ran_there()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.Silent.Add("h1")), (5.5, _ => { run.World.PullPlug("h1"); run.World.Become("h1", HostState.On); run.World.Silent.Remove("h1"); })]);

        Assert.Contains("12:06:00 host h1 answers again, and runs nothing of what it ran; 2 VMs ran there: a, b", run.Journal(JournalKind.Fault));
    }

    [Fact]
    public void One_that_did_not_answer_for_a_while_and_runs_some_of_what_it_ran_is_none()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.Silent.Add("h1")), (4.5, _ => run.World.Stop("a")), (5.5, _ => run.World.Silent.Remove("h1"))]);

        Assert.DoesNotContain(run.Journal(JournalKind.Fault), f => f.Contains("ran there", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Journal(JournalKind.Host), f => f.Contains("booting", StringComparison.Ordinal));
    }

    [Fact]
    public void No_vm_goes_to_a_host_that_started_anew_before_it_was_looked_over()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, at) => at >= Run.Start.AddMinutes(4) ? 90 : 10);
        run.World.CantBeLookedOver.Add("h2");
        run.For(
            20, Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu))),
            script: [(3.5, _ => run.World.Restart("h2")), (9.5, _ => run.World.CantBeLookedOver.Remove("h2"))]);

        Assert.StartsWith("12:14:00 migrate", run.Calls[0]);
    }

    /// <summary>From 12:03:30 on no server runs; the world restarts h1 at 12:20, and a server is started at 12:43:30.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_that_crashed_and_came_back_while_no_server_ran_is_told_of_and_looked_over(bool kill)
    {
        var run = TwoHosts();
        run.For(3.5, PolicySet.Empty, kill);
        run.Idle((Run.Start.AddMinutes(20) - run.Time.GetUtcNow()).TotalMinutes);
        run.World.Restart("h1");
        run.World.ForgetRestarts();
        run.Idle(23.5);
        run.For(10, PolicySet.Empty);

        Assert.Equal(["12:43:30 host h1 started anew while no server ran, at about 2026-01-05 12:20:00 UTC; what ran there then is not known"], run.Journal(JournalKind.Fault));
        Assert.Equal(
            ["host h1: on -> booting: it started anew while no server ran, at about 2026-01-05 12:20:00 UTC", "host h1: booting -> on: it answers"],
            run.Store.Journal.Where(e => e is { Kind: JournalKind.Host, Subject: "host/h1" }).Select(e => e.Text));
    }

    [Fact]
    public void A_host_that_lost_its_power_while_no_server_ran_is_told_of()
    {
        var run = TwoHosts();
        run.For(3.5, PolicySet.Empty);
        run.World.PullPlug("h1");
        run.Idle(20);
        run.For(10, PolicySet.Empty);

        Assert.Equal(["12:23:30 h1: host h1 went off though ULM did not tell it to; what ran there then is not known"], run.Journal(JournalKind.Fault));
    }

    /// <summary>Neither one that has been up all the time, nor one that ULM itself has powered off and on.</summary>
    [Fact]
    public void A_host_that_did_what_it_was_told_is_not_told_of_after_a_restart()
    {
        var run = TwoHosts();
        run.For(20, Off, kill: true);
        Assert.Equal(HostState.Off, run.World.Hosts["h2"].State);
        run.For(10, Some.Policies(Some.At("on", new TimeOnly(12, 22), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))), kill: true);
        run.Idle(20);
        run.For(10, PolicySet.Empty);

        Assert.Empty(run.Journal(JournalKind.Fault));
    }

    [Fact]
    public async Task A_host_in_maintenance_may_be_started_anew_and_is_looked_over_all_the_same()
    {
        var run = TwoHosts();
        await run.Store.SaveOrdersAsync([new HostOrder("h1", HostOrderKind.Maintenance, HostOrderPhase.Closed, "manual", Run.Start)], default);
        run.For(10, PolicySet.Empty, script: (3.5, _ => run.World.Restart("h1")));

        Assert.Empty(run.Journal(JournalKind.Fault));
        Assert.Contains(run.Journal(JournalKind.Host), e => e.EndsWith("-> booting: it started anew, and ULM did not tell it to", StringComparison.Ordinal));
    }

    private static Run TwoHosts() => new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1"), Some.Vm("b", "h1")], (_, _) => 10);
}
