using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Loop;

/// <summary>Host h1 is at 90 %, mostly by vm a; h2 has room.</summary>
public class LookTests
{
    private static readonly Rule Relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu));

    [Theory]
    [InlineData(RuleMode.Enforce, RuleMode.Enforce, "migrate vm a from h1 to h2", "")]
    [InlineData(RuleMode.Recommend, RuleMode.Enforce, "", "migrate vm a from h1 to h2")]
    [InlineData(RuleMode.Enforce, RuleMode.Recommend, "", "migrate vm a from h1 to h2")]
    [InlineData(RuleMode.Observe, RuleMode.Enforce, "", "")]
    public void The_mode_decides_what_becomes_of_a_decision(RuleMode rule, RuleMode server, string planned, string recommended)
    {
        var look = new Look(Some.Policies(Relieve with { Mode = rule }), PlacementLimits.Default, serverMode: server).At(Facts(0, "a"), [], mayAct: true);

        Assert.Equal("relieve", Assert.Single(look.Decisions).Rule.Name);
        Assert.Equal(planned, Steps(look.Plan));
        Assert.Equal(recommended, Steps(look.Recommended));
    }

    [Fact]
    public void A_condition_over_a_cluster_decides_about_that_cluster()
    {
        var rule = Some.WhenCluster("full", Some.Above(PolicyAttribute.ClusterCpu, 30), TimeSpan.Zero, new PolicyAction.PowerOn(1));
        var decision = Assert.Single(new Look(Some.Policies(rule), PlacementLimits.Default).At(Facts(0, "a"), [], mayAct: true).Decisions);

        Assert.Equal((SubjectRef.Cluster("default"), "default", "cluster.cpu = 45% > 30%"), (decision.Subject, decision.Cluster, decision.Reason));
    }

    [Fact]
    public void The_first_look_tells_no_events_and_those_after_it_what_has_changed()
    {
        var look = new Look(Some.Policies(Some.On("started", SubjectEvent.VmStarts), Some.On("stopped", SubjectEvent.VmStops)), PlacementLimits.Default);

        Assert.Empty(look.At(Facts(0, "a"), [], mayAct: true).Decisions);
        Assert.Equal(["started vm/b"], Decided(look.At(Facts(1, "a", "b"), [], mayAct: true)));
        Assert.Equal(["stopped vm/a"], Decided(look.At(Facts(2, "b"), [], mayAct: true)));
        Assert.Empty(look.At(Facts(3, "b"), [], mayAct: true).Decisions);
    }

    [Fact]
    public void What_happens_while_nothing_may_be_done_fires_as_soon_as_it_may()
    {
        var look = new Look(Some.Policies(Some.On("started", SubjectEvent.VmStarts)), PlacementLimits.Default);
        look.Feed(Facts(0, "a"));

        Assert.Empty(look.At(Facts(1, "a", "b"), [], mayAct: false).Decisions);
        Assert.Equal(["started vm/b"], Decided(look.At(Facts(2, "a", "b"), [], mayAct: true)));
    }

    [Fact]
    public void A_look_that_takes_the_place_of_another_misses_nothing_in_between()
    {
        var policies = Some.Policies(Some.On("started", SubjectEvent.VmStarts));
        var before = new Look(policies, PlacementLimits.Default);
        before.Feed(Facts(0, "a"));
        var after = new Look(policies, PlacementLimits.Default, before: before);

        Assert.Equal(["started vm/b"], Decided(after.At(Facts(1, "a", "b"), [], mayAct: true)));
    }

    private static string Steps(Plan plan) => string.Join(", ", plan.Steps.Select(s => s.Action));

    private static IEnumerable<string> Decided(LookResult look) => look.Decisions.Select(d => $"{d.Rule.Name} {d.Subject}");

    private static SiteFacts Facts(int minute, params string[] vms)
    {
        var at = Some.Monday.AddMinutes(minute);
        var metrics = new MetricWindows();
        metrics.Add(new Measurement(SubjectRef.Host("h1"), PolicyAttribute.HostCpu, at, 90));
        metrics.Add(new Measurement(SubjectRef.Host("h2"), PolicyAttribute.HostCpu, at, 0));
        foreach (var vm in vms) metrics.Add(new Measurement(SubjectRef.Vm(vm), PolicyAttribute.VmCpu, at, 80));
        var site = new Site([Some.Host("h1"), Some.Host("h2")], vms.Select(v => Some.Vm(v, "h1")));
        return new SiteFacts(at, site, metrics, new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty);
    }
}
