using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>What no policy need ask for is looked after too: that no VM is lost, on a host that is off, or where memory is short.</summary>
public class SafetyCheckerTests
{
    private static readonly Site Start = new([Some.Host("h1"), Some.Host("h2", gib: 16)], [Some.Vm("a", "h1", 10), Some.Vm("b", "h2", 10)]);

    [Fact]
    public void A_vm_that_is_gone_is_lost() => Assert.Equal(["vm a is lost"], Found(new Site(Start.Hosts, [Start.Vm("b")])));

    [Theory]
    [InlineData(HostState.Off)]
    [InlineData(HostState.PoweringOff)]
    [InlineData(HostState.PoweringOn)]
    public void A_host_that_is_not_on_runs_nothing(HostState state) =>
        Assert.Equal([$"host h1 is {state} with 1 VM(s) on it"], Found(Start.With(h => h.Name == "h1" ? h with { State = state } : h)));

    [Fact]
    public void A_host_holds_no_more_memory_than_it_has() => Assert.Equal(["host h2 holds more memory than it has"], Found(Start.WithVmOn("a", "h2")));

    [Fact]
    public void What_is_on_its_way_takes_memory_already() => Assert.Equal(["host h2 holds more memory than it has"], Found(Start, ("a", "h2")));

    [Fact]
    public void A_site_as_it_should_be_breaks_nothing() => Assert.Empty(Found(Start.WithVmOn("b", "h1"), ("a", "h1")));

    /// <summary>Snapshots of hosts that hold more than they have are real, and of nobody's making here.</summary>
    [Fact]
    public void What_was_so_at_the_start_is_not_held_against_anybody()
    {
        var over = Start.WithVmOn("a", "h2");
        var checker = new SafetyChecker(over, []);

        checker.Check(Some.Monday, over, new Dictionary<string, string>());

        Assert.Empty(checker.Violations);
    }

    private static IEnumerable<string> Found(Site site, params (string Vm, string To)[] migrating)
    {
        var checker = new SafetyChecker(Start, []);
        checker.Check(Some.Monday, site, migrating.ToDictionary(m => m.Vm, m => m.To));
        return checker.Violations.Select(v => v["2026-01-05 00:00:00: ".Length..]);
    }
}
