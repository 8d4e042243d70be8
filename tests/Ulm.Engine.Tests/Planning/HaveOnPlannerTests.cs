using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

public class HaveOnPlannerTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "w3")]
    [InlineData(4, "w3 w4")]
    [InlineData(9, "w3 w4")]
    public void What_is_missing_to_the_number_is_powered_on_and_booting_hosts_count(int count, string on) =>
        Assert.Equal(on, On(Web(HostState.PoweringOn, HostState.Off, HostState.Off).Plan((Have(count), null))));

    [Theory]
    [InlineData(HostState.Maintenance)]
    [InlineData(HostState.Draining)]
    [InlineData(HostState.Unreachable)]
    [InlineData(HostState.PoweringOff)]
    public void A_host_that_takes_no_VM_is_not_one_of_those_that_are_on(HostState state) =>
        Assert.Equal("w3", On(Web(state, HostState.Off).Plan((Have(2), null))));

    [Fact]
    public void Each_cluster_gets_its_number_and_a_rule_for_one_cluster_leaves_the_others_alone()
    {
        var scene = Web(HostState.Off, HostState.Off);
        scene.Hosts.AddRange([Some.Host("d1", HostState.Off) with { Cluster = "db" }, Some.Host("d2", HostState.Off) with { Cluster = "db" }]);

        Assert.Equal("d1 d2 w2", On(scene.Plan((Have(2), null))));
        Assert.Equal("d1", On(scene.Plan((Have(1) with { Guards = new() { Cluster = "db" } }, null))));
    }

    [Fact]
    public void Too_few_that_could_be_woken_are_told_with_the_numbers()
    {
        var refused = Assert.Single(Web(HostState.Off).Plan((Have(4), null)).Refused);

        Assert.Equal((RefusalCode.NoHostToPowerOn, "cluster/default"), (refused.Code, refused.Subject));
        Assert.Equal(["3 more host(s) wanted to have 4 on, 1 that can be powered on are off"], refused.Why.AsEnumerable());
    }

    [Fact]
    public void Hosts_that_the_same_look_powers_on_or_off_are_counted_as_they_will_be()
    {
        var off = Do(new PolicyAction.PowerOffIdle(0));
        var two = new Scene().Host("h1").Host("h2").Host("h3", HostState.Off).Vm("a", "h1", 10);
        Assert.Equal("h3", On(two.Plan((off, null), (Have(2), null))));

        Assert.Equal("w2", On(Web(HostState.Off, HostState.Off).Plan((Do(new PolicyAction.PowerOn(1)), null), (Have(2), null))));
    }

    /// <summary>Boots of 2 and 5 minutes, and a tenth and three polls more, in whole minutes; where the slow one is left to be woken in place of the fast, both.</summary>
    [Theory]
    [InlineData(2, 6 + 9)]
    [InlineData(3, 9)]
    public void The_lead_is_the_longest_boot_of_those_that_would_be_woken_and_a_margin(int count, int minutes)
    {
        var scene = new Scene().Host("h1");
        scene.Hosts.AddRange([Boots("slow", 5), Boots("fast", 2)]);

        Assert.Equal(TimeSpan.FromMinutes(minutes), LeadOf(Have(count), scene));
    }

    [Fact]
    public void While_none_is_missing_the_slowest_that_might_be_counts()
    {
        var scene = new Scene();
        scene.Hosts.AddRange([Boots("slow", 5) with { State = HostState.On }, Boots("fast", 2), Boots("fixed", 9) with { HasPowerControl = false }]);

        Assert.Equal(TimeSpan.FromMinutes(9), LeadOf(Have(1), scene));
    }

    private static TimeSpan LeadOf(Rule rule, Scene scene) => HaveOnPlanner.LeadOf(rule, (Trigger.HaveOn)rule.Trigger, scene.Facts());

    private static Host Boots(string name, double minutes) => Some.Host(name, HostState.Off) with { BootTime = TimeSpan.FromMinutes(minutes) };

    private static Scene Web(params HostState[] others) =>
        others.Select((state, i) => (Name: $"w{i + 2}", state)).Aggregate(new Scene().Host("w1"), (scene, host) => scene.Host(host.Name, host.state));

    private static Rule Have(int count) => Do() with { Trigger = new Trigger.HaveOn(count, new(7, 30), DaysOfWeek.Daily) };

    private static string On(Plan plan) => string.Join(' ', plan.Steps.Select(s => s.Action).OfType<PlannedAction.PowerOn>().Select(o => o.Host));
}
