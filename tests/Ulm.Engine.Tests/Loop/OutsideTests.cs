using Ulm.Dsl.Policies;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

public class OutsideTests
{
    [Fact]
    public void A_rule_tells_with_its_subject_s_values_filled_in_and_runs_its_hook()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 8)], (_, _) => 50);

        run.For(10, Some.Policies(Some.When(
            "warm", Some.Above(PolicyAttribute.HostCpu, 40), TimeSpan.FromMinutes(2),
            new PolicyAction.Notify("{host.name} of {cluster.name} is at {host.cpu} ({rule}); swap {host.swap}, {vm.name}", "chat"), new PolicyAction.RunHook("cool"))));

        Assert.Equal(("h1 of default is at 50% (warm); swap unknown, unknown", "chat"), (run.Outside!.Told.Single().Text, run.Outside!.Told.Single().Via));
        Assert.Equal("cool", Assert.Single(run.Outside!.Ran).Hook);
        Assert.Contains("12:02:00 run hook cool: done", run.Journal(JournalKind.Ended));
    }

    [Fact]
    public void What_can_t_be_told_is_a_failed_step_and_nothing_more()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1")], (_, _) => 50) { Outside = null };

        run.For(10, Some.Policies(Some.At("noon", new TimeOnly(12, 3), DaysOfWeek.Daily, new PolicyAction.RunHook("none"), new PolicyAction.MigrateVm("a", "h2"))));

        Assert.Contains("12:03:00 run hook none: no hook none is configured", run.Journal(JournalKind.Ended));
        Assert.Equal(["a"], run.World.VmsOn("h2"));
    }
}
