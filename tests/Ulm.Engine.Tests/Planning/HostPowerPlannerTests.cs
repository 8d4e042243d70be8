using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

public class HostPowerPlannerTests
{
    [Theory]
    [InlineData(0, 0, "h4 h3 h2")]
    [InlineData(1, 0, "h4 h3")]
    [InlineData(9, 0, "")]
    [InlineData(0, 2, "h4 h3")]
    [InlineData(0, 4, "")]
    [InlineData(1, 3, "h4")]
    public void Idle_hosts_go_off_but_for_the_spare_and_those_to_keep(int spare, int keep, string off)
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Host("h4").Vm("a", "h1", 10);
        if (keep > 0) scene.Constraints.Add(Some.AlwaysKeepOn(keep));

        Assert.Equal(off, Off(scene.Plan((Do(new PolicyAction.PowerOffIdle(spare)), null))));
    }

    [Fact]
    public void A_refusal_names_the_sentence_and_the_numbers()
    {
        var plan = new Scene().Host("h1").Host("h2").Vm("a", "h1", 10).With(s => s.Constraints.Add(Some.AlwaysKeepOn(2))).Plan((Do(new PolicyAction.PowerOffIdle(0)), null));

        Assert.Equal(["\"always keep 2 hosts on\": 2 of cluster default are on, without h2 1 would be"], Assert.Single(plan.Refused).Why.AsEnumerable());
    }

    [Theory]
    [InlineData(HostState.Draining)]
    [InlineData(HostState.Maintenance)]
    [InlineData(HostState.Unreachable)]
    [InlineData(HostState.PoweringOn)]
    public void Only_a_host_that_is_on_is_powered_off(HostState state) =>
        Assert.Equal("", Off(new Scene().Host("h1").Host("h2", state).Vm("a", "h1", 10).Plan((Do(new PolicyAction.PowerOffIdle(0)), null))));

    [Fact]
    public void Two_decisions_of_one_look_keep_the_hosts_together()
    {
        var off = Do(new PolicyAction.PowerOffIdle(0));
        var scene = new Scene().Host("h1").Host("h2").Host("h3").With(s => s.Constraints.Add(Some.AlwaysKeepOn(2)));

        Assert.Equal("h3", Off(scene.Plan((off, null), (off, null))));
    }

    [Fact]
    public void The_fastest_to_boot_is_powered_on_first()
    {
        var scene = new Scene().Host("h1");
        scene.Hosts.AddRange([
            Some.Host("slow", HostState.Off) with { BootTime = TimeSpan.FromMinutes(5) }, Some.Host("fast", HostState.Off) with { BootTime = TimeSpan.FromMinutes(1) },
            Some.Host("fixed", HostState.Off) with { BootTime = TimeSpan.FromSeconds(1), HasPowerControl = false }]);

        Assert.Equal(["power on host fast"], Texts(scene.Plan((Do(new PolicyAction.PowerOn(1)), null))));
        var three = scene.Plan((Do(new PolicyAction.PowerOn(3)), null));
        Assert.Equal(["power on host fast", "power on host slow"], Texts(three));
        Assert.Equal(["3 host(s) wanted, 2 that can be powered on are off"], Assert.Single(three.Refused).Why.AsEnumerable());
    }

    private static string Off(Plan plan) => string.Join(' ', plan.Steps.Select(s => s.Action).OfType<PlannedAction.PowerOff>().Select(o => o.Host));
}
