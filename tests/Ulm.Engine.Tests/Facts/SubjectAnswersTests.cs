using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Tests.Facts;

public class SubjectAnswersTests
{
    [Theory]
    [InlineData(HostState.On, "on empty")]
    [InlineData(HostState.Draining, "on empty draining")]
    [InlineData(HostState.Maintenance, "on empty maintenance")]
    [InlineData(HostState.PoweringOff, "")]
    [InlineData(HostState.Off, "off")]
    [InlineData(HostState.PoweringOn, "")]
    public void A_host_s_state(HostState state, string expected)
    {
        var scene = new FactScene().Host("h1", state);
        var states = new Dictionary<HostCondition, string>
        {
            [HostCondition.On] = "on", [HostCondition.Off] = "off", [HostCondition.Empty] = "empty", [HostCondition.Draining] = "draining", [HostCondition.InMaintenance] = "maintenance",
        };

        Assert.Equal(expected, string.Join(' ', states.Where(s => Ask(scene, "h1", s.Key) == "yes").Select(s => s.Value)));
        Assert.DoesNotContain(states.Keys, s => Ask(scene, "h1", s) == "unknown");
    }

    [Fact]
    public void Of_a_host_that_does_not_answer_nothing_is_known() =>
        Assert.All(Enum.GetValues<HostCondition>(), s => Assert.Equal("unknown", Ask(new FactScene().Host("h1", HostState.Unreachable), "h1", s)));

    [Theory]
    [InlineData(4.9, "no")]
    [InlineData(5, "yes")]
    public void Idle_is_empty_for_five_minutes(double minutes, string expected) =>
        Assert.Equal(expected, Ask(new FactScene().Host("h1").EmptyFor("h1", minutes), "h1", HostCondition.Idle));

    [Fact]
    public void A_host_that_a_vm_is_bound_for_is_not_idle() =>
        Assert.Equal("no", Ask(new FactScene().Host("h1").Host("h2").Vm("a", "h2").EmptyFor("h1", 9).Moving("a", "h2", "h1"), "h1", HostCondition.Idle));

    [Fact]
    public void A_host_that_runs_a_vm_is_neither_empty_nor_idle()
    {
        var scene = new FactScene().Host("h1").Vm("a", "h1").EmptyFor("h1", 9);

        Assert.Equal(["no", "no"], new[] { Ask(scene, "h1", HostCondition.Empty), Ask(scene, "h1", HostCondition.Idle) });
    }

    [Fact]
    public void Names_tags_and_clusters()
    {
        var scene = new FactScene().Host("edge-1", cluster: "web", tags: "ssd").Vm("db-1", "edge-1", "db");
        var (host, vm, cluster) = (SubjectRef.Host("edge-1"), SubjectRef.Vm("db-1"), SubjectRef.Cluster("web"));

        Assert.Equal(["yes", "no", "no"], new[] { host, vm, cluster }.Select(s => scene.Ask(s, new SubjectTest.Tagged("ssd"))));
        Assert.Equal(["no", "yes", "no"], new[] { host, vm, cluster }.Select(s => scene.Ask(s, new SubjectTest.Named("d?-*"))));
        Assert.Equal(["yes", "yes", "yes"], new[] { host, vm, cluster }.Select(s => scene.Ask(s, new SubjectTest.InCluster("web"))));
        Assert.Equal(["no", "no", "no"], new[] { host, vm, cluster }.Select(s => scene.Ask(s, new SubjectTest.InCluster("WEB"))));
    }

    [Fact]
    public void The_compiler_calls_impossible_exactly_what_is_never_answered()
    {
        var scenes = Enum.GetValues<HostState>().SelectMany(s => new[] { new FactScene().Host("h1", s).EmptyFor("h1", 9), new FactScene().Host("h1", s).EmptyFor("h1", 1), new FactScene().Host("h1", s).Vm("a", "h1") });
        var answers = scenes.Select(s => Words.Keys.Where(c => Ask(s, "h1", c) == "yes").ToHashSet()).ToList();
        var pairs = from yes in Words.Keys from other in Words.Keys from negated in new[] { false, true } select (yes, other, negated);

        Assert.All(pairs, p =>
        {
            var text = $"when host is {Words[p.yes]} and {(p.negated ? "not " : "")}host is {Words[p.other]} then notify \"x\"";
            var isNever = PolicyCompiler.Compile([new SourceText("a.ulm", text)]).Diagnostics.Any(d => d.Code == "ULM3003");
            Assert.True(isNever == !answers.Any(a => a.Contains(p.yes) && a.Contains(p.other) != p.negated), text);
        });
    }

    private static readonly Dictionary<HostCondition, string> Words = new()
    {
        [HostCondition.Idle] = "idle", [HostCondition.Empty] = "empty", [HostCondition.On] = "on", [HostCondition.Off] = "off",
        [HostCondition.Draining] = "draining", [HostCondition.InMaintenance] = "in maintenance",
    };

    private static string Ask(FactScene scene, string host, HostCondition state) => scene.Ask(SubjectRef.Host(host), new SubjectTest.InState(state));
}
