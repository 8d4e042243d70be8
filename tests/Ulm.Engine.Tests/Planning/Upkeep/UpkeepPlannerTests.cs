using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning.Upkeep;

/// <summary>What is broken when the server finds it is mended before any rule is planned, or it is said why not.</summary>
public class UpkeepPlannerTests
{
    private static readonly Selector Db = new Selector.Tagged("db");

    [Fact]
    public void Vms_that_are_to_be_apart_are_parted_and_the_largest_stays()
    {
        var plan = Broken(Some.Apart(Db)).Vm("db1", "h1", 10, gib: 8, tags: "db").Vm("db2", "h1", 10, tags: "db").Plan();

        Assert.Equal(["migrate vm db2 from h1 to h2"], Texts(plan));
        Assert.Equal(("constraint: keep apart vms", "vms db1, db2 are on h1"), (plan.Steps[0].Rule, plan.Steps[0].Reason));
    }

    [Fact]
    public void Vms_that_are_to_be_together_are_gathered_where_most_of_them_are() => Assert.Equal(
        ["migrate vm db1 from h1 to h2"], Texts(Broken(Some.Together(Db)).Vm("db1", "h1", 10, tags: "db").Vm("db2", "h2", 10, gib: 8, tags: "db").Plan()));

    [Fact]
    public void A_vm_goes_to_the_hosts_it_is_kept_on()
    {
        var scene = Broken(Some.KeepOn(Db, new Selector.Exactly(["h2"]))).Vm("db1", "h1", 10, tags: "db").Vm("free", "h1", 10);

        Assert.Equal(["migrate vm db1 from h1 to h2"], Texts(scene.Plan()));
    }

    [Fact]
    public void A_host_that_holds_more_than_it_has_gives_up_what_is_too_much()
    {
        var scene = new Scene { Upkeep = true }.Host("h1", gib: 32).Host("h2").Vm("a", "h1", 10, gib: 20).Vm("b", "h1", 10, gib: 16);

        Assert.Equal(["migrate vm a from h1 to h2"], Texts(scene.Plan((Do(), null))));
    }

    [Fact]
    public void A_reserved_share_of_memory_is_given_back() => Assert.Equal(
        ["migrate vm a from h1 to h2"], Texts(Broken(Some.ReserveShare(Resource.Memory, 60)).Vm("a", "h1", 10, gib: 20).Vm("b", "h1", 10, gib: 16).Plan()));

    [Fact]
    public void Too_many_vcpus_are_spread() => Assert.Equal(
        ["migrate vm a from h1 to h2"], Texts(Broken(Some.OvercommitCpu(1)).Vm("a", "h1", 10, vcpus: 6).Vm("b", "h1", 10, vcpus: 4).Plan()));

    [Theory]
    [InlineData(2, "power on host h3")]
    [InlineData(3, "power on host h3,power on host h4")]
    public void Hosts_that_must_be_on_are_powered_on(int keep, string on)
    {
        var scene = new Scene { Upkeep = true }.Host("h1").Host("h3", HostState.Off).Host("h4", HostState.Off).With(s => s.Constraints.Add(Some.AlwaysKeepOn(keep)));

        Assert.Equal(on.Split(','), Texts(scene.Plan()));
    }

    [Fact]
    public void A_host_that_did_not_come_up_is_not_told_again_at_every_look()
    {
        var scene = new Scene { Upkeep = true }.Host("h1").Host("h3", HostState.Off).With(s => s.Constraints.Add(Some.AlwaysKeepOn(2)));
        scene.History.Add(new BegunAction(Now.AddMinutes(-20), BegunKind.PowerOn, "h3", "h3", "x"));

        var plan = scene.Plan();

        Assert.Empty(plan.Steps);
        Assert.Equal(["1 of 2 are on, and it can't be mended now", "1 more host(s) wanted on, 0 that can be powered on are off"], Assert.Single(plan.Unmended).Why.AsEnumerable());
    }

    [Fact]
    public void A_reserve_that_is_broken_wakes_a_host()
    {
        var scene = Broken(Some.ReserveHosts(1)).Host("h3", HostState.Off).Vm("a", "h1", 1, gib: 50).Vm("b", "h2", 1, gib: 50);

        Assert.Equal(["power on host h3"], Texts(scene.Plan()));
    }

    [Fact]
    public void What_can_t_be_mended_says_why()
    {
        var scene = Broken(Some.Apart(Db)).Vm("db1", "h1", 10, gib: 8, tags: "db").Vm("db2", "h1", 10, tags: "db").Vm("db3", "h2", 10, tags: "db");

        var unmended = Assert.Single(scene.Plan().Unmended);

        Assert.Equal((RefusalCode.NoHostFits, "vm/db2"), (unmended.Code, unmended.Subject));
        Assert.Equal(["vms db1, db2 are on h1, and it can't be mended now", "vm db2: h2 has vm db3: \"keep apart vms\""], unmended.Why.AsEnumerable());
    }

    [Fact]
    public void What_is_being_mended_is_not_mended_twice()
    {
        var scene = Broken(Some.Apart(Db)).Vm("db1", "h1", 10, gib: 8, tags: "db").Vm("db2", "h1", 10, tags: "db");
        scene.Moves.Add(new("db2", "h1", "h2"));

        Assert.Empty(scene.Plan().Steps);
    }

    [Fact]
    public void A_cooldown_does_not_keep_anything_from_being_mended()
    {
        var scene = Broken(Some.Apart(Db)).Vm("db1", "h1", 10, gib: 8, tags: "db").Vm("db2", "h1", 10, tags: "db").With(s => s.Constraints.Add(Some.VmCooldown(TimeSpan.FromHours(1))));
        scene.History.Add(new BegunAction(Now.AddMinutes(-5), BegunKind.Move, "db2", "h2", "x"));

        Assert.Single(scene.Plan().Steps);
    }

    /// <summary>The rule would like to relieve h1 of the VM that the constraint moves elsewhere.</summary>
    [Fact]
    public void Mending_goes_before_rules()
    {
        var scene = Broken(Some.KeepOn(Db, new Selector.Exactly(["h2"]))).Host("h3").Vm("db1", "h1", 90, tags: "db").Vm("x", "h2", 50);

        Assert.Equal(["migrate vm db1 from h1 to h2"], Texts(scene.Plan((Evacuate(), "h1"))).Where(t => t.Contains("db1")));
    }

    private static Scene Broken(StandingConstraint constraint) => new Scene { Upkeep = true }.Host("h1").Host("h2").With(s => s.Constraints.Add(constraint));
}
