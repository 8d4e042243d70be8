using Ulm.Dsl.Policies;
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

    [Fact]
    public void A_host_that_did_not_answer_before_it_was_seen_off_is_one_too()
    {
        var run = TwoHosts();
        run.For(10, PolicySet.Empty, script: [(3.5, _ => run.World.Silent.Add("h1")), (6.5, _ => run.World.PullPlug("h1"))]);

        Assert.Contains("12:07:00 h1: host h1 went off though ULM did not tell it to; 2 VMs ran there: a, b", run.Journal(JournalKind.Fault));
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

    private static Run TwoHosts() => new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1"), Some.Vm("b", "h1")], (_, _) => 10);
}
