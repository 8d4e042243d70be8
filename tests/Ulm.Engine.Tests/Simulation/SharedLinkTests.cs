using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>How long migrations take: 8 GiB at 1000 Mbit/s are 68.7 s, and two seconds come on top.</summary>
public class SharedLinkTests
{
    private const double Alone = 8 * Some.GiB / 125e6;

    [Fact]
    public void One_migration_has_the_slower_of_its_two_links_for_itself()
    {
        var ends = Ends([Some.Vm("a", "h1", gib: 8)], Some.Host("h2") with { NetMbps = 250 });

        Assert.Equal([2 + 4 * Alone], ends, Within(0.01));
    }

    [Fact]
    public void Two_from_one_host_share_its_link_and_the_longer_one_has_it_alone_after_the_first()
    {
        var ends = Ends([Some.Vm("a", "h1", gib: 8), Some.Vm("b", "h1", gib: 4)], Some.Host("h2"));

        // The 4 GiB go at half speed; of the 8 GiB half is over by then.
        Assert.Equal([2 + Alone, 2 + 1.5 * Alone], ends, Within(0.01));
    }

    /// <returns>When each migration away from h1 ended, in seconds from its beginning.</returns>
    private static List<double> Ends(IEnumerable<Vm> vms, Host target)
    {
        var policies = Some.Policies(Some.At("pack", new TimeOnly(0, 5), DaysOfWeek.Daily, new PolicyAction.Consolidate()));
        // h2 runs the larger VM, so that h1 is the one that is emptied.
        var site = new Site([Some.Host("h1"), target], [.. vms, Some.Vm("big", target.Name, gib: 40)]);
        var result = new Simulator(new SimulationRequest(
            site, new ConstantLoad(new Dictionary<string, double>()), policies, Some.Monday, TimeSpan.FromHours(1), new LoopOptions())).Run();
        Assert.Equal(vms.Count(), result.Migrations);
        return [.. result.Journal.Where(e => e.Kind == JournalKind.Ended).Select(e => (e.At - Some.Monday.AddMinutes(5)).TotalSeconds)];
    }

    private static Func<double, double, bool> Within(double tolerance) => (a, b) => Math.Abs(a - b) <= tolerance;
}
