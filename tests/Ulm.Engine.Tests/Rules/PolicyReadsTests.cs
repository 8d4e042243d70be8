using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

public class PolicyReadsTests
{
    private static readonly PolicyAttribute Fan = PolicyAttribute.Munin(SubjectKind.Host, "sensors_fan.fan1");
    private static readonly Condition Load = Some.Above(PolicyAttribute.HostLoad, 2);

    [Fact]
    public void Without_policies_what_planning_rests_on_is_measured() =>
        Assert.Equal(["host.cpu", "host.memory", "vm.cpu", "vm.memory"], Of());

    public static TheoryData<Rule> PlacesThatRead => new(
        Rule(Load),
        Rule(new Condition.Not(new Condition.Or([new Condition.And([Load]), Load]))),
        Rule(new Condition.Quantified(Quantifier.Any, SubjectKind.Host, Load, "")),
        Rule(new Condition.Comparison(new Quantity.CountOf(SubjectKind.Host, Load, ""), ComparisonOperator.Greater, new Quantity.Constant(1, Unit.Count, "1"), "")),
        Rule(new Condition.Comparison(new Quantity.OverTime(TimeFunction.Avg, PolicyAttribute.HostLoad, TimeSpan.FromMinutes(5), Unit.Count, ""), ComparisonOperator.Greater, new Quantity.Constant(1, Unit.Count, "1"), "")),
        Rule(null) with { Until = Load },
        Rule(null) with { Guards = new RuleGuards { Where = Load } },
        Rule(null) with { Guards = new RuleGuards { Unless = Load } },
        Rule(null) with { Actions = [new PolicyAction.Evacuate(true, Resource.Cpu) { ToHostsWhere = Load }] },
        Rule(null) with { Actions = [new PolicyAction.PowerOnUntil(Load)] },
        Rule(null) with { Actions = [new PolicyAction.Notify("{host.name} has load {host.load}", null)] });

    [Theory]
    [MemberData(nameof(PlacesThatRead))]
    public void Whatever_a_rule_reads_is_measured(Rule rule) => Assert.Contains("host.load", Of(rule));

    [Fact]
    public void A_hosts_definition_in_a_constraint_is_read()
    {
        var constraint = new StandingConstraint.NeverPowerOff(new Selector.Where(Load, "busy")) { Text = "", Location = new SourceLocation("some.ulm", 1, 1) };
        Assert.Contains(PolicyAttribute.HostLoad, PolicyReads.Of(new PolicySet([], [constraint], null)));
    }

    [Fact]
    public void Vms_chosen_by_network_have_their_traffic_measured() =>
        Assert.Superset(new HashSet<string> { "vm.net.in", "vm.net.out" }, Of(Rule(null) with { Actions = [new PolicyAction.Evacuate(true, Resource.Network)] }).ToHashSet());

    [Theory]
    [InlineData("host.net.out", "vm.net.out")]
    [InlineData("host.disk.read", "vm.disk.read")]
    public void What_a_vm_brings_to_a_mark_of_its_host_is_measured(string host, string vm)
    {
        var rule = Rule(Some.Above(PolicyAttribute.Named(host)!, 1));

        Assert.Contains(vm, Of(rule with { Actions = [new PolicyAction.Evacuate(true, Resource.Cpu)] }));
        Assert.DoesNotContain(vm, Of(rule with { Actions = [new PolicyAction.Notify("busy", null)] }));
    }

    [Fact]
    public void A_munin_field_in_a_notification_is_measured() =>
        Assert.Contains(Fan.Name, Of(Rule(null) with { Actions = [new PolicyAction.Notify("fan at {host.munin[\"sensors_fan.fan1\"]}", null)] }));

    [Fact]
    public void What_could_not_be_measured_is_unknown_with_the_cause()
    {
        var windows = new MetricWindows();
        var site = new Site([Some.Host("h1")], []);
        windows.NoteUnmeasured([new Unmeasured(SubjectRef.Host("h1"), Fan, "h1's munin-node has no plugin `sensors_fan`")]);
        Assert.Equal("h1's munin-node has no plugin `sensors_fan`", Read(0));

        windows.Add(new Measurement(SubjectRef.Host("h1"), Fan, Some.Monday, 900));
        Assert.Null(Read(2));
        Assert.Equal("last measured 5m ago, stale after 3m: h1's munin-node has no plugin `sensors_fan`", Read(5));
        windows.NoteUnmeasured([]);
        Assert.Equal("last measured 5m ago, stale after 3m", Read(5));

        string? Read(int minutes) =>
            new SiteFacts(Some.Monday.AddMinutes(minutes), site, windows, new Freshness(TimeSpan.FromMinutes(1)), new Dictionary<SubjectRef, string>()).Read(SubjectRef.Host("h1"), Fan).UnknownBecause;
    }

    private static Rule Rule(Condition? condition) => Some.When("rule", condition ?? Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero);

    private static IEnumerable<string> Of(params Rule[] rules) => PolicyReads.Of(Some.Policies(rules)).Select(a => a.Name).Order(StringComparer.Ordinal);
}
