using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Decisions;

public class ArbiterTests
{
    private static readonly Site Site = new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("v1", "h1")]);
    private static readonly PolicyAction Evacuate = new PolicyAction.Evacuate(true, Resource.Cpu);

    [Fact]
    public void One_wins_each_host_by_priority_then_drain_then_specificity_then_age_then_name()
    {
        Firing[] order =
        [
            Fire(Rule("e") with { Priority = 1 }, "host/h1"),
            Fire(Rule("d", new PolicyAction.Drain(null)), "host/h1"),
            Fire(Rule("c"), "vm/v1", specificity: 2),
            Fire(Rule("b"), "host/h1", since: -5),
            Fire(Rule("a1"), "host/h1"),
            Fire(Rule("a2"), "host/h1"),
        ];
        for (var first = 0; first < order.Length; first++)
        {
            var (winners, losers) = Arbiter.Choose([.. order.Skip(first).Reverse()], Site, Some.Monday);

            Assert.Equal(order[first].Rule.Name, Assert.Single(winners).Rule.Name);
            Assert.Equal(order.Length - first - 1, losers.Length);
        }
    }

    [Fact]
    public void The_loser_is_told_who_acts_already()
    {
        var (_, losers) = Arbiter.Choose([Fire(Rule("a"), "host/h1"), Fire(Rule("b"), "vm/v1")], Site, Some.Monday);

        Assert.Equal("a already acts on host h1: because", Assert.Single(losers).Because);
    }

    [Fact]
    public void Hosts_go_before_clusters_and_clusters_before_the_site_unless_priority_says_otherwise()
    {
        Firing[] firings = [Fire(Rule("site"), null), Fire(Rule("cluster"), "cluster/a"), Fire(Rule("host"), "host/h2"), Fire(Rule("urgent") with { Priority = 9 }, null)];

        Assert.Equal(["urgent", "host", "cluster", "site"], Arbiter.Choose([.. firings], Site, Some.Monday).Winners.Select(w => w.Rule.Name));
    }

    [Fact]
    public void One_wins_each_cluster()
    {
        var (winners, losers) = Arbiter.Choose([Fire(Rule("a"), "cluster/x"), Fire(Rule("b"), "cluster/x"), Fire(Rule("c"), "cluster/y")], Site, Some.Monday);

        Assert.Equal(["a", "c"], winners.Select(w => w.Rule.Name));
        Assert.Equal("a already acts on cluster x: because", Assert.Single(losers).Because);
    }

    [Fact]
    public void Who_only_tells_or_watches_takes_nothing_from_anyone()
    {
        Firing[] firings =
        [
            Fire(Rule("tell", new PolicyAction.Notify("hot", null)) with { Priority = 2 }, "host/h1"),
            Fire(Rule("watch") with { Priority = 1, Mode = RuleMode.Observe }, "host/h1"),
            Fire(Rule("act"), "host/h1"),
        ];

        Assert.Equal(["tell", "watch", "act"], Arbiter.Choose([.. firings], Site, Some.Monday).Winners.Select(w => w.Rule.Name));
    }

    [Fact]
    public void A_subject_that_is_gone_competes_with_nobody() =>
        Assert.Single(Arbiter.Choose([Fire(Rule("stopped", new PolicyAction.PowerOn(1)), "vm/gone")], Site, Some.Monday).Winners);

    [Theory]
    [InlineData(RuleMode.Enforce, RuleMode.Enforce, RuleMode.Enforce)]
    [InlineData(RuleMode.Enforce, RuleMode.Recommend, RuleMode.Recommend)]
    [InlineData(RuleMode.Observe, RuleMode.Enforce, RuleMode.Observe)]
    [InlineData(RuleMode.Recommend, RuleMode.Observe, RuleMode.Observe)]
    public void The_server_can_only_lower_a_mode(RuleMode rule, RuleMode server, RuleMode expected) =>
        Assert.Equal(expected, Arbiter.Choose([Fire(Rule("a") with { Mode = rule }, "host/h1")], Site, Some.Monday, 0, server).Winners[0].Mode);

    private static Rule Rule(string name, PolicyAction? action = null) => Some.When(name, Some.Above(HostCpu, 75), TimeSpan.Zero, action ?? Evacuate);

    private static Firing Fire(Rule rule, string? subject, int specificity = 1, int since = 0) => new(
        rule, subject?.Split('/') switch
        {
            ["host", var host] => SubjectRef.Host(host),
            ["vm", var vm] => SubjectRef.Vm(vm),
            ["cluster", var cluster] => SubjectRef.Cluster(cluster),
            _ => null,
        }, Some.Monday, Some.Monday.AddMinutes(since), "because")
    {
        Specificity = specificity,
    };
}
