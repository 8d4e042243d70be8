using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Rules;

/// <summary>Two hosts a1, a2 in cluster a, b1 in cluster b; NaN: not measured.</summary>
public class QuantifierTests
{
    private static readonly Condition Hot = Some.Above(HostCpu, 75);
    private static readonly Condition AnyHot = new Condition.Quantified(Quantifier.Any, SubjectKind.Host, Hot, "any host ( host.cpu > 75% )");
    private static readonly Condition AllHot = new Condition.Quantified(Quantifier.All, SubjectKind.Host, Hot, "all hosts ( host.cpu > 75% )");

    private static readonly Condition TwoHot = new Condition.Comparison(
        new Quantity.CountOf(SubjectKind.Host, Hot, "count of hosts ( host.cpu > 75% )"), ComparisonOperator.GreaterOrEqual, new Quantity.Constant(2, Unit.Count, "2"),
        "count of hosts ( host.cpu > 75% ) >= 2");

    [Theory]
    [InlineData(90, 20, Truth.True)]
    [InlineData(20, 20, Truth.False)]
    [InlineData(90, double.NaN, Truth.True)]
    [InlineData(20, double.NaN, Truth.Unknown)]
    public void Any(double a1, double a2, Truth expected) => Assert.Equal(expected, Verdict(AnyHot, a1, a2));

    [Theory]
    [InlineData(90, 90, Truth.True)]
    [InlineData(90, 20, Truth.False)]
    [InlineData(20, double.NaN, Truth.False)]
    [InlineData(90, double.NaN, Truth.Unknown)]
    public void All(double a1, double a2, Truth expected) => Assert.Equal(expected, Verdict(AllHot, a1, a2));

    [Theory]
    [InlineData(90, 90, Truth.True)]
    [InlineData(90, 20, Truth.False)]
    [InlineData(90, double.NaN, Truth.Unknown)]
    [InlineData(20, double.NaN, Truth.False)]
    public void Count(double a1, double a2, Truth expected) => Assert.Equal(expected, Verdict(TwoHot, a1, a2));

    [Fact]
    public void It_fires_for_the_cluster_whose_member_it_is_true_of()
    {
        var bench = Bench(Some.WhenCluster("hot", AnyHot, TimeSpan.Zero), 20, 20);
        bench.Measure(1, HostCpu, "b1", 90).Look(1);

        Assert.Equal(["1 hot b"], bench.Fired);
    }

    [Fact]
    public void A_rule_over_hosts_asks_about_its_own_cluster()
    {
        var bench = Bench(Some.When("cool", new Condition.And([Some.Below(HostCpu, 50), AnyHot]), TimeSpan.Zero), 20, 90);

        Assert.Equal(["0 cool a1"], bench.Fired);
    }

    [Fact]
    public void A_host_that_comes_or_leaves_is_counted_at_once()
    {
        var bench = Bench(Some.WhenCluster("hot", TwoHot, TimeSpan.Zero), 90, 20).Measure(0, HostCpu, "b1", 90);
        bench.Look(0);
        Assert.Empty(bench.Fired);

        bench.Host("b1", "a").Look(1);
        Assert.Equal(["1 hot a"], bench.Fired);
        Assert.Null(bench.Network.Explain("hot", SubjectRef.Cluster("b")));
    }

    [Fact]
    public void It_says_whom_it_is_true_of_and_whom_not()
    {
        Assert.Equal("any host ( host.cpu > 75% ) (a2: host.cpu = 90% > 75%)", Text(AnyHot, 20, 90));
        Assert.Equal("any host ( host.cpu > 75% ) is false (none of 2 host(s))", Text(AnyHot, 20, 20));
        Assert.Equal("any host ( host.cpu > 75% ): not known of 1 of 2 host(s) (a2: host.cpu > 75%: host.cpu is unknown (not measured yet))", Text(AnyHot, 20, double.NaN));
        Assert.Equal("all hosts ( host.cpu > 75% ) is false (a1: host.cpu = 20% > 75% is false)", Text(AllHot, 20, 90));
        Assert.Equal("count of hosts ( host.cpu > 75% ) = 1 to 2 >= 2 is unknown", Text(TwoHot, 90, double.NaN));
    }

    [Fact]
    public void After_its_action_a_rule_counts_only_members_measured_since()
    {
        var bench = Bench(Some.WhenCluster("hot", TwoHot, TimeSpan.Zero), 90, 90);
        bench.Network.Rearm("hot", SubjectRef.Cluster("a"), RuleBench.At(0.5), FiringEnd.Done);
        bench.Measure(1, HostCpu, "a1", 90).Look(1);
        Assert.Equal(["0 hot a"], bench.Fired);

        bench.Measure(2, HostCpu, "a2", 90).Look(2);
        Assert.Equal(["0 hot a", "2 hot a"], bench.Fired);
    }

    private static Truth Verdict(Condition condition, double a1, double a2) => Explain(condition, a1, a2).Verdict;

    private static string Text(Condition condition, double a1, double a2) => Explain(condition, a1, a2).Condition!.ToString();

    /// <summary>The rule fires exactly if its condition is explained to be true.</summary>
    private static RuleExplanation Explain(Condition condition, double a1, double a2)
    {
        var bench = Bench(Some.WhenCluster("r", condition, TimeSpan.Zero), a1, a2);
        var explained = bench.Network.Explain("r", SubjectRef.Cluster("a"))!;
        Assert.Equal(explained.Verdict == Truth.True, bench.Fired.Contains("0 r a"));
        return explained;
    }

    private static RuleBench Bench(Rule rule, double a1, double a2)
    {
        var bench = new RuleBench(Some.Policies(rule)).Host("a1", "a").Host("a2", "a").Host("b1", "b");
        bench.Measure(0, HostCpu, "a1", a1).Measure(0, HostCpu, "a2", a2).Look(0);
        return bench;
    }
}
