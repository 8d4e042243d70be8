using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Simulation;
using Ulm.Engine.Tests.Planning;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>
/// A witness that catches nothing would let every test pass that relies on it. So planners are made to forget one constraint each: what they then
/// plan has to be caught, and what they plan when they know it must not be.
/// </summary>
public class ConstraintWitnessTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly Selector Db = new Selector.Tagged("db");

    private static readonly PolicyAction[] DrainFirst = [new PolicyAction.Drain("h1")];

    private static readonly PolicyAction[] Night = [new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)];

    /// <summary>A constraint, a site and actions by which planners break it that do not know it, and what the witness says then.</summary>
    private static readonly (StandingConstraint Constraint, Func<Scene> Site, PolicyAction[] Actions, string Says)[] Breaks =
    [
        (Some.NeverMigrate(Db), () => Two().Vm("a", "h1", 10, tags: "db"), DrainFirst, "vm a was moved"),
        (Some.NeverPowerOff(new Selector.Exactly(["h2"])), () => Two().Vm("a", "h1", 10), Night, "host h2 was powered off"),
        (Some.NeverPowerOff(HostsThat(Some.Tagged("db"), not: true)), () => Two().Vm("a", "h1", 10), Night, "host h2 was powered off"),
        (Some.Apart(Db), () => Two().Vm("a", "h1", 10, tags: "db").Vm("b", "h2", 10, tags: "db"), DrainFirst, "vm a came to h2 beside b"),
        (Some.Together(Db), () => Two().Host("h3").Vm("a", "h1", 10, gib: 40, tags: "db").Vm("b", "h1", 10, gib: 23, tags: "db"), DrainFirst, "they are on 3 hosts"),
        (Some.KeepOn(Db, new Selector.Named("licensed-?")), () => Two().Host("licensed-1").Vm("a", "licensed-1", 10, tags: "db"), [new PolicyAction.Drain("licensed-1")], "vm a went to h1"),
        (Some.KeepOn(Db, HostsThat(new Condition.Asks(null, new SubjectTest.Named("licensed-*"), ""))), () => Two().Host("licensed-1").Vm("a", "licensed-1", 10, tags: "db"), [new PolicyAction.Drain("licensed-1")], "vm a went to h1"),
        (Some.AlwaysKeepOn(2), () => Two().Host("h3").Vm("a", "h1", 10), Night, "1 host(s) of cluster default are on"),
        (Some.ReserveHosts(1), () => Two().Vm("a", "h1", 10, gib: 30).Vm("b", "h2", 10, gib: 20), Night, "if h1 fail(s), cluster default can't run all VMs"),
        (Some.ReserveHosts(2), () => Two().Host("h3").Host("h4").Vm("a", "h1", 10, gib: 30).Vm("b", "h2", 10, gib: 30), [new PolicyAction.PowerOffIdle(0)], "if h1 and h2 fail(s), cluster default can't run all VMs"),
        (Some.ReserveShare(Resource.Memory, 30), () => Two().Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 30), DrainFirst, $"host h2 was filled to {50 * Some.GiB} bytes"),
        (Some.OvercommitCpu(1), () => Two().Vm("a", "h1", 10, vcpus: 6).Vm("b", "h2", 10, vcpus: 6), DrainFirst, "host h2 carries 12 vCPUs"),
        (Some.MigrationBudget(1, TimeSpan.FromHours(1)), () => Two().Vm("a", "h1", 10).Vm("b", "h1", 10), DrainFirst, "2 migrations were begun"),
    ];

    /// <summary>Not to be judged from the places of VMs alone, or not by one plan: <c>StandingConstraintTests</c> and the rows below have these.</summary>
    private static readonly Type[] Elsewhere = [typeof(StandingConstraint.VmCooldown), typeof(StandingConstraint.LimitMigrations), typeof(StandingConstraint.PowerCycleBudget)];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Breaks.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_a_planner_breaks_that_forgets_a_constraint_is_caught(int row)
    {
        var (constraint, site, actions, says) = Breaks[row];

        Assert.Contains($"{says} against \"{constraint.Text}\"", Walk(site(), site().Plan((Scene.Do(actions), null)), constraint));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Nothing_is_held_against_one_that_knows_it(int row)
    {
        var (constraint, site, actions, _) = Breaks[row];
        var knows = site().With(s => s.Constraints.Add(constraint));

        Assert.Empty(Walk(knows, knows.Plan((Scene.Do(actions), null)), constraint));
    }

    [Fact]
    public void Each_kind_of_constraint_has_its_row() => Assert.Equal(
        typeof(StandingConstraint).GetNestedTypes().Except(Elsewhere).Select(t => t.Name).Order(),
        Breaks.Select(b => b.Constraint.GetType().Name).Distinct().Order());

    [Theory]
    [InlineData(null, 2, "a>h2 b>h3", "")]
    [InlineData(null, 2, "a>h2 b>h3 d>h3", "3 migrations at one time")]
    [InlineData(2, null, "a>h2 b>h2", "")]
    [InlineData(2, null, "a>h2 b>h2 d>h2", "3 migrations at one time at h2")]
    // From it and to it: both count.
    [InlineData(1, null, "a>h2 c>h1", "2 migrations at one time at h1, 2 migrations at one time at h2")]
    [InlineData(1, null, "a>h2 d>h1", "2 migrations at one time at h1")]
    [InlineData(1, null, "a>h2 d>h4", "")]
    [InlineData(2, 2, "a>h2 b>h2 c>h3", "3 migrations at one time, 3 migrations at one time at h2")]
    public void More_migrations_at_a_time_than_may_be_are_caught(int? perHost, int? inTotal, string moves, string says)
    {
        var site = Site("h1 h2 h3 h4", "a@h1 b@h1 c@h2 d@h3");

        Assert.Equal(says, Judge(Some.LimitMigrations(perHost, inTotal), site, (Minute, site, moves)));
    }

    [Theory]
    [InlineData(59, "2 migrations were begun")]
    [InlineData(60, "")]
    public void A_budget_of_migrations_is_one_of_any_such_time(int minutes, string says)
    {
        var site = Site("h1 h2", "a@h1 b@h1");

        Assert.Equal(says, Judge(Some.MigrationBudget(1, TimeSpan.FromHours(1)), site, (Minute, site, "a>h2"), (2 * Minute, Site("h1 h2", "a@h2 b@h1"), ""), ((minutes + 1) * Minute, site, "b>h2")));
    }

    [Theory]
    [InlineData(59, "host h1 went off 2 times")]
    [InlineData(60, "")]
    public void A_budget_of_power_cycles_is_one_of_each_host(int minutes, string says)
    {
        var (on, off) = (Site("h1 h2", ""), Site("h1! h2", ""));

        Assert.Equal(says, Judge(
            Some.PowerCycleBudget(1, TimeSpan.FromHours(1)), on, (Minute, off, ""), (2 * Minute, on, ""), (3 * Minute, Site("h1 h2!", ""), ""), (4 * Minute, on, ""), ((minutes + 1) * Minute, off, "")));
    }

    /// <summary>A host that others scattered a group over, or filled, was so before anybody acted.</summary>
    [Fact]
    public void What_was_so_before_is_nobody_s_fault_and_what_gets_worse_is()
    {
        var start = Site("h1 h2 h3", "a@h1 b@h1 c@h2");

        Assert.Equal("", Judge(Some.Apart(Db), start, (Minute, start, "")));
        Assert.Equal("vm c came to h1 beside a", Judge(Some.Apart(Db), start, (Minute, start, "c>h1")));
        Assert.Equal("", Judge(Some.Together(Db), start, (Minute, start, "c>h1"), (2 * Minute, Site("h1 h2 h3", "a@h1 b@h1 c@h1"), "")));
        var whole = Site("h1 h2 h3", "a@h1 b@h1 c@h1");
        Assert.Equal("", Judge(Some.Together(Db), whole, (Minute, whole, "c>h2"), (2 * Minute, start, "b>h2")));
        Assert.Equal("they are on 3 hosts", Judge(Some.Together(Db), whole, (Minute, whole, "c>h2"), (2 * Minute, start, "b>h3")));
    }

    [Fact]
    public void Hosts_chosen_by_what_changes_are_not_judged()
    {
        var busy = new Selector.Where(Some.Above(PolicyAttribute.HostCpu, 50), "busy");

        Assert.Equal("", Judge(Some.NeverPowerOff(busy), Site("h1 h2", "a@h1"), (Minute, Site("h1 h2!", "a@h1"), "")));
        Assert.Equal("", Judge(Some.KeepOn(Db, busy), Site("h1 h2", "a@h1"), (Minute, Site("h1 h2", "a@h2"), "")));
    }

    private static Scene Two() => new Scene().Host("h1").Host("h2");

    private static Selector HostsThat(Condition condition, bool not = false) => new Selector.Where(not ? new Condition.Not(condition) : condition, "those");

    /// <summary>Carries out a plan step by step and gathers what the witness says.</summary>
    private static List<string> Walk(Scene scene, Plan plan, StandingConstraint constraint)
    {
        var site = new Site(scene.Hosts, scene.Vms);
        var witness = new ConstraintWitness(site, [constraint]);
        var said = new List<string>();
        foreach (var step in plan.Steps)
        {
            if (step.Action is PlannedAction.Migrate move)
            {
                said.AddRange(witness.Judge(Some.Monday, site, new Dictionary<string, string> { [move.Vm] = move.To }));
                site = site.WithVmOn(move.Vm, move.To);
            }

            if (step.Action is PlannedAction.PowerOff off) site = site.With(h => h.Name == off.Host ? h with { State = HostState.Off } : h);
            said.AddRange(witness.Judge(Some.Monday, site, new Dictionary<string, string>()));
        }

        return said;
    }

    /// <summary>What is said of the last of these states, without the sentence.</summary>
    private static string Judge(StandingConstraint constraint, Site start, params (TimeSpan At, Site Site, string Moves)[] states)
    {
        var witness = new ConstraintWitness(start, [constraint]);
        var said = states.Select(s => witness.Judge(
            Some.Monday + s.At, s.Site, s.Moves.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => m.Split('>')).ToDictionary(m => m[0], m => m[1])).ToList()).ToList();
        return string.Join(", ", said[^1].Select(b => b.Split(" against ")[0]));
    }

    /// <param name="hosts"><c>h1 h2!</c>: the second is off.</param>
    /// <param name="vms"><c>a@h1 b@h2</c>, all tagged db.</param>
    private static Site Site(string hosts, string vms) => new(
        hosts.Split(' ').Select(h => Some.Host(h.TrimEnd('!'), h.EndsWith('!') ? HostState.Off : HostState.On)),
        vms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('@')).Select(v => Some.Vm(v[0], v[1], tags: "db")));
}
