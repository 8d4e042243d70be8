using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning.Constraints;

/// <summary>One small site a sentence: what may still be done under it, and what is said where it may not.</summary>
public class StandingConstraintTests
{
    private static readonly Selector Db = new Selector.Tagged("db");

    [Fact]
    public void Kept_apart_a_vm_does_not_come_to_one_of_its_kind() => Refuses(
        Two(Some.Apart(Db)).Vm("db1", "h1", 90, tags: "db").Vm("db2", "h2", 1, tags: "db"), "vm db1: h2 has vm db2: \"keep apart vms\"");

    [Fact]
    public void Kept_apart_a_vm_does_not_come_where_one_of_its_kind_is_bound_for()
    {
        var scene = Two(Some.Apart(Db)).Host("h3", HostState.Draining).Vm("db1", "h1", 90, tags: "db").Vm("db2", "h3", 1, tags: "db");
        scene.Moves.Add(new("db2", "h3", "h2"));

        Refuses(scene, "vm db1: h2 has vm db2: \"keep apart vms\"; h3 is closed to newcomers");
    }

    [Fact]
    public void Kept_together_a_vm_does_not_leave_alone() => Assert.DoesNotContain(
        Texts(Two(Some.Together(Db)).Vm("db1", "h1", 90, tags: "db").Vm("db2", "h1", 90, tags: "db").Plan((Do(new PolicyAction.Balance(Resource.Cpu, 5)), null))), t => t.Contains("db"));

    [Theory]
    [InlineData("licensed", "migrate vm db1 from h1 to h3")]
    [InlineData("other", null)]
    public void A_vm_goes_only_to_the_hosts_it_is_kept_on(string tag, string? move)
    {
        var scene = Two(Some.KeepOn(Db, new Selector.Tagged("licensed"))).Vm("db1", "h1", 90, tags: "db").Vm("x", "h2", 1);
        scene.Hosts.Add(Some.Host("h3") with { Tags = [tag] });

        Assert.Equal(move is null ? [] : [move], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    /// <summary>What is not known of a host is not permission.</summary>
    [Fact]
    public void Hosts_chosen_by_what_is_not_measured_are_not_chosen()
    {
        var cool = new Selector.Where(new Condition.Comparison(
            new Quantity.Read(PolicyAttribute.HostMemory), ComparisonOperator.Less, new Quantity.Constant(50, Unit.Percent, "50%"), "host.memory < 50%"), "cool");

        Refuses(Two(Some.KeepOn(Db, cool)).Vm("db1", "h1", 90, tags: "db"), "vm db1: h2 is not where \"keep vms on hosts\" lets it run");
    }

    [Theory]
    [InlineData(80, "memory 0B + 16GiB of 64GiB is over 20%")]
    [InlineData(75, null)]
    public void A_share_of_memory_stays_free(double percent, string? over) =>
        Judge(Two(Some.ReserveShare(Resource.Memory, percent)).Vm("a", "h1", 90, gib: 16), over is null ? null : $"vm a: h2 {over}: \"reserve {percent}% memory\"");

    [Theory]
    [InlineData(80, "cpu 0% + 25% is over 20%")]
    [InlineData(70, null)]
    public void A_share_of_cpu_stays_free(double percent, string? over) =>
        Judge(Two(Some.ReserveShare(Resource.Cpu, percent)).Vm("a", "h1", 100), over is null ? null : $"vm a: h2 {over}: \"reserve {percent}% cpu\"");

    [Theory]
    [InlineData(1, "8 + 2 vCPUs on 8 CPUs is over 8")]
    [InlineData(2, null)]
    public void Vcpus_are_overcommitted_so_far_and_no_further(double factor, string? over) =>
        Judge(Two(Some.OvercommitCpu(factor)).Vm("a", "h1", 90).Vm("x", "h2", 1, vcpus: 8), over is null ? null : $"vm a: h2 {over}: \"overcommit cpu {factor}x\"");

    [Theory]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public void A_vm_that_was_moved_is_left_alone_for_a_while(int minutesAgo, bool moves)
    {
        var scene = Two(Some.VmCooldown(TimeSpan.FromMinutes(30))).Vm("a", "h1", 90);
        scene.History.Add(new BegunAction(Now.AddMinutes(-minutesAgo), BegunKind.Move, "a", "h2", "other"));

        Judge(scene, moves ? null : $"vm a: \"cooldown vm 30m\": it was moved {minutesAgo}m ago");
    }

    [Theory]
    [InlineData(2, 59, 0)]
    [InlineData(2, 61, 2)]
    [InlineData(3, 59, 1)]
    public void Only_so_many_migrations_are_begun_in_a_time(int budget, int minutesAgo, int moves)
    {
        var scene = Two(Some.MigrationBudget(budget, TimeSpan.FromHours(1))).Vm("a", "h1", 90).Vm("b", "h1", 90).Vm("c", "h1", 90).Vm("d", "h1", 90).Vm("e", "h1", 90).Vm("f", "h1", 90);
        foreach (var vm in new[] { "x", "y" }) scene.History.Add(new BegunAction(Now.AddMinutes(-minutesAgo), BegunKind.Move, vm, "h2", "other"));

        var plan = scene.Plan((Do(new PolicyAction.Balance(Resource.Cpu, 5)), null));

        Assert.Equal(moves, plan.Steps.Length);
        Assert.Contains(plan.Refused, r => r.Code == RefusalCode.MigrationBudgetSpent);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void A_host_is_powered_off_only_so_often_in_a_time(int cycles, int off)
    {
        var scene = new Scene().Host("h1").With(s => s.Constraints.Add(Some.PowerCycleBudget(cycles, TimeSpan.FromHours(24))));
        scene.History.Add(new BegunAction(Now.AddHours(-23), BegunKind.PowerOff, "h1", "h1", "other"));

        var plan = scene.Plan((Do(new PolicyAction.PowerOffIdle(0)), null));

        Assert.Equal(off, plan.Steps.Length);
        if (off == 0) Assert.Equal($"\"limit power cycles to {cycles} per host per 24h\": h1 was powered off 1 time(s) within the last 24h", Assert.Single(plan.Refused).Why.Single());
    }

    [Fact]
    public void A_host_that_is_never_powered_off_stays_on()
    {
        var plan = new Scene().Host("h1").Host("h2").With(s => s.Constraints.Add(Some.NeverPowerOff(new Selector.Exactly(["h2"])))).Plan((Do(new PolicyAction.PowerOffIdle(0)), null));

        Assert.Equal(["power off host h1"], Texts(plan));
        Assert.Equal(RefusalCode.NeverPowerOff, Assert.Single(plan.Refused).Code);
    }

    [Fact]
    public void The_lowest_figures_of_all_sentences_limit_migrations_at_one_time() => Assert.Equal(
        (2, 5), new Engine.Planning.Constraints.ConstraintSet([Some.LimitMigrations(3, 5), Some.LimitMigrations(2, null)]).MigrationLimits);

    private static Scene Two(StandingConstraint constraint) => new Scene().Host("h1").Host("h2").With(s => s.Constraints.Add(constraint));

    private static void Refuses(Scene scene, string reason) => Judge(scene, reason);

    /// <summary>Evacuates h1, without trying a second VM.</summary>
    private static void Judge(Scene scene, string? reason)
    {
        var plan = scene.Plan((Evacuate(fitting: false), "h1"));
        if (reason is null) Assert.Single(plan.Steps);
        else Assert.Equal([reason], Assert.Single(plan.Refused).Why.AsEnumerable());
    }
}
