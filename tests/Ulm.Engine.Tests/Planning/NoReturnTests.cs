using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Upkeep;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

/// <summary>No move undoes another. Hosts have 8 CPUs and 64 GiB; h1 is the host that the rule fires for.</summary>
public class NoReturnTests
{
    /// <summary>With v, 16 GiB and 25 points of CPU, h2 would have 56 GiB taken, 65 % CPU and three VMs.</summary>
    [Theory]
    [InlineData("host.cpu > 64%", false)]
    [InlineData("host.cpu > 66%", true)]
    [InlineData("host.cpu >= 65%", false)]
    [InlineData("64% < host.cpu", false)]
    [InlineData("not host.cpu <= 64%", false)]
    [InlineData("not (host.cpu <= 64% and host.memory <= 99%)", false)]
    [InlineData("not not host.cpu > 64%", false)]
    [InlineData("not (host.cpu > 10% or host.cpu <= 64%)", true)]
    [InlineData("avg(host.cpu, 5m) > 64%", false)]
    [InlineData("host.memory > 87%", false)]
    [InlineData("host.memory > 88%", true)]
    [InlineData("host.memory.free < 9GiB", false)]
    [InlineData("host.memory.free < 7GiB", true)]
    [InlineData("not host.memory.free >= 9GiB", false)]
    [InlineData("host.vms > 2", false)]
    [InlineData("host.vms > 3", true)]
    [InlineData("host.vms >= 3", false)]
    [InlineData("host.power > 190W", false)]
    [InlineData("host.power > 200W", true)]
    [InlineData("host.cpu > 64% and host.memory > 99%", true)]
    [InlineData("host.cpu > 64% and host.memory > 87%", false)]
    [InlineData("host.cpu > 64% or host.memory > 99%", false)]
    [InlineData("host.vms > 0 and tagged \"old\"", true)]
    [InlineData("host.vms > 0 and not tagged \"old\"", false)]
    [InlineData("host.cpu > cluster.cpu", false)]
    [InlineData("host.cpu < 30%", true)]
    public void A_host_that_the_rule_would_act_on_with_the_vm_does_not_take_it(string condition, bool takes)
    {
        var rule = Compiled($"when {condition} then evacuate heaviest vm by cpu");
        var scene = Filled();

        var plan = PlanOf(scene, [rule], (rule, "h1"));

        Assert.Equal(takes ? ["migrate vm v from h1 to h2"] : [], Texts(plan));
        if (!takes) Assert.Contains("h2 ", Assert.Single(plan.Refused).Why[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_refusal_says_what_the_host_would_come_to()
    {
        var rule = Compiled("when not host.vms <= 2 then evacuate heaviest vm");

        Assert.Equal(
            "vm v: h2 vms would be 3, where rule relieve acts: not host.vms <= 2",
            Assert.Single(PlanOf(Filled(), [rule], (rule, "h1")).Refused).Why[0]);
    }

    /// <summary>Together they leave 14 GiB free; consolidation keeps a tenth of the host, 6.4 GiB, to the mark.</summary>
    [Theory]
    [InlineData("host.memory.free < 8GiB", false)]
    [InlineData("not host.memory.free >= 8GiB", false)]
    [InlineData("host.memory.free < 7GiB", true)]
    [InlineData("host.vms > 1", false)]
    [InlineData("host.vms > 2", true)]
    [InlineData("host.memory > 70% and host.cpu > 90%", true)]
    [InlineData("host.memory > 70% and host.cpu > 20%", false)]
    public void Consolidation_fills_no_host_to_where_another_rule_evacuates(string condition, bool packs)
    {
        var (rule, pack) = (Compiled($"when {condition} then evacuate heaviest vm"), Do(new PolicyAction.Consolidate()));
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 40, gib: 20).Vm("b", "h2", 40, gib: 30);

        Assert.Equal(packs ? ["migrate vm a from h1 to h2"] : [], Texts(PlanOf(scene, [rule, pack], (pack, null))));
    }

    [Theory]
    [InlineData("host.memory.free < 9GiB", false)]
    [InlineData("host.memory.free < 8GiB", true)]
    [InlineData("host.vms > 2", false)]
    public void Nor_does_balance(string condition, bool evens)
    {
        var (rule, even) = (Compiled($"when {condition} then evacuate heaviest vm"), Do(new PolicyAction.Balance(Resource.Cpu, 25)));
        var scene = Filled(rest: 4);

        Assert.Equal(evens ? ["migrate vm v from h1 to h2"] : [], Texts(PlanOf(scene, [rule, even], (even, null))));
    }

    [Fact]
    public void A_vm_goes_nowhere_where_another_rule_would_take_it_off_again()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("v", "h1", 100).Vm("w", "h1", 90).Vm("x", "h2", 0).Vm("y", "h2", 0).Vm("z", "h3", 40);
        var rule = Compiled("when host.cpu > 40% then evacuate heaviest vm by cpu");

        // h2 has more room, but a third VM would be one for the other rule.
        Assert.Equal(["migrate vm v from h1 to h3"], Texts(PlanOf(scene, [rule, Other(vms: 2)], (rule, "h1"))));
        var refusal = Assert.Single(PlanOf(scene, [rule, Other(vms: 1)], (rule, "h1")).Refused);
        Assert.Equal("vm v: h2 vms would be 3, where rule full acts: host.vms > 1; h3 vms would be 2, where rule full acts: host.vms > 1", refusal.Why[0]);
    }

    /// <summary>A host that the other rule empties as well is better off with less, wherever that goes: no move of either makes more of what it gives.</summary>
    [Theory]
    [InlineData("host.cpu > 30%", true)]
    [InlineData("host.cpu > 49%", true)]
    [InlineData("host.cpu > 30% or host.vms > 1", false)]
    [InlineData("host.vms > 1", false)]
    public void Where_it_acts_on_both_hosts_it_takes_a_vm_that_leaves_it_with_less_to_do(string other, bool moves)
    {
        var (rule, second) = (Compiled("when host.cpu > 70% then evacuate lightest vm by cpu"), Compiled($"policy second when {other} then evacuate heaviest vm"));
        var scene = new Scene().Host("h1").Host("h2").Host("h3", HostState.Off).Vm("v", "h1", 100).Vm("w", "h1", 100, vcpus: 4).Vm("x", "h2", 100);

        Assert.Equal(moves ? ["migrate vm v from h1 to h2"] : [], Texts(PlanOf(scene, [rule, second], (rule, "h1"))));
    }

    [Fact]
    public void But_first_it_goes_to_where_it_does_not_act_at_all()
    {
        var (rule, second) = (Compiled("when host.cpu > 70% then evacuate lightest vm by cpu to fullest host"), Compiled("policy second when host.cpu > 60% then evacuate heaviest vm"));
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("v", "h1", 100).Vm("w", "h1", 100, vcpus: 4).Vm("x", "h2", 80, vcpus: 4).Vm("y", "h3", 80);

        // h2 would be fuller, at 65 %.
        Assert.Equal(["migrate vm v from h1 to h2"], Texts(PlanOf(scene, [rule], (rule, "h1"))));
        Assert.Equal(["migrate vm v from h1 to h3"], Texts(PlanOf(scene, [rule, second], (rule, "h1"))));
    }

    [Fact]
    public void Nor_to_where_another_rule_acts_on_what_no_move_changes()
    {
        var (rule, old) = (Compiled("when host.cpu > 40% then evacuate heaviest vm by cpu"), Compiled("policy old when host tagged \"old\" then drain host"));
        var scene = new Scene().Host("h1").Host("h2").Vm("v", "h1", 100).Vm("w", "h1", 90);
        scene.Hosts[1] = scene.Hosts[1] with { Tags = ["old"] };

        Assert.Equal("vm v: h2 is where rule old acts: host tagged \"old\"", Assert.Single(PlanOf(scene, [rule, old], (rule, "h1")).Refused).Why[0]);
    }

    [Fact]
    public void A_vm_that_was_just_moved_gives_way_to_one_that_was_not() =>
        Assert.Equal(["migrate vm w from h1 to h2"], Texts(Hot("v").Plan((Evacuate(), "h1"))));

    [Fact]
    public void Where_no_other_can_go_it_goes_on_but_not_back()
    {
        var plan = Hot("v", "w").Host("h3").Vm("z", "h3", 60).Plan((Evacuate(), "h1"));

        Assert.Equal(["migrate vm v from h1 to h3"], Texts(plan));
        Assert.Equal("because; v was moved off h2 10m ago by other, and goes on as no other VM of h1 can", plan.Steps[0].Reason);
    }

    [Fact]
    public void Back_it_does_not_go_and_the_refusal_says_until_when() => Assert.Equal(
        [
            "vm v: h2 is where it came from 10m ago by other, and takes it back from 2026-01-05 00:20:00 UTC on",
            "vm w: h2 is where it came from 10m ago by other, and takes it back from 2026-01-05 00:20:00 UTC on",
        ],
        Assert.Single(Hot("v", "w").Plan((Evacuate(), "h1")).Refused).Why.AsEnumerable());

    /// <summary>Of a rule that no move can satisfy, nothing is moved twice within the time.</summary>
    [Fact]
    public void A_host_that_is_beyond_no_mark_sheds_nothing_that_has_just_come()
    {
        var rule = Compiled("when vm.cpu > 60% then evacuate heaviest fitting vm");

        var refusal = Assert.Single(PlanOf(Hot("v", "w").Host("h3"), [rule], (rule, "h1")).Refused);

        Assert.Equal(RefusalCode.MovedLately, refusal.Code);
        Assert.Equal("vm v was moved off h2 10m ago by other; left alone until 2026-01-05 00:20:00 UTC", refusal.Why[0]);
    }

    /// <summary>Moves of v by the rule, minutes ago: each that comes as soon as it may makes the rest after it twice as long.</summary>
    [Theory]
    [InlineData("vm.cpu > 60%", new[] { 40 }, null)]
    [InlineData("vm.cpu > 60%", new[] { 80, 40 }, "00:20")]
    [InlineData("vm.cpu > 60%", new[] { 120, 80, 10 }, "01:50")]
    [InlineData("vm.cpu > 60%", new[] { 150, 115, 45 }, "01:15")]
    [InlineData("vm.cpu > 60%", new[] { 200, 120, 40 }, null)]
    [InlineData("vm.cpu > 60% and host.cpu > 95%", new[] { 80, 40 }, "00:20")]
    [InlineData("vm.cpu > 60% and host.cpu > 50%", new[] { 80, 40 }, null)]
    [InlineData("host.munin[\"sensors_temp.temp1\"] > 60", new[] { 80, 40 }, null)]
    public void A_rule_that_no_move_contents_moves_a_vm_ever_more_rarely(string condition, int[] ago, string? until)
    {
        var rule = Compiled($"when {condition} then evacuate heaviest vm");
        var scene = Hot().Host("h3");
        foreach (var minutes in ago) scene.History.Add(new(Now.AddMinutes(-minutes), BegunKind.Move, "v", "h2", "relieve"));

        Assert.Equal([$"migrate vm {(until is null ? "v" : "w")} from h1 to h2"], Texts(PlanOf(scene, [rule], (rule, "h1"))));
        if (until is null) return;
        scene.History.Add(new(Now.AddMinutes(-1), BegunKind.Move, "w", "h3", "other"));
        Assert.Equal($"vm v was moved off h2 {ago[^1]}m ago by relieve, {ago.Length} times in a row and to no end; left alone until 2026-01-05 {until}:00 UTC", Assert.Single(PlanOf(scene, [rule], (rule, "h1")).Refused).Why[0]);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(31)]
    public void After_its_rest_it_may_go_anywhere(int minutes)
    {
        var scene = Hot();
        scene.History.Add(new(Now.AddMinutes(-minutes), BegunKind.Move, "v", "h2", "other"));

        Assert.Equal(["migrate vm v from h1 to h2"], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    [Fact]
    public void A_move_that_failed_is_no_reason_to_rest()
    {
        var scene = Hot();
        scene.History.Add(new(Now.AddMinutes(-10), BegunKind.Move, "v", "h1", "relieve"));

        Assert.Equal(["migrate vm v from h1 to h2"], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    [Fact]
    public void A_drain_knows_no_rest() =>
        Assert.Equal(["drain host h1", "migrate vm v from h1 to h2"], Texts(Hot("v", "w").Plan((Do(new PolicyAction.Drain("h1")), null))));

    [Fact]
    public void Hosts_that_one_rule_empties_take_nothing_of_one_another()
    {
        var rule = Compiled("when vm.cpu > 60% then evacuate heaviest vm");
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 90).Vm("b", "h2", 80).Vm("c", "h3", 50, vcpus: 6);

        Assert.Equal(["migrate vm a from h1 to h3", "migrate vm b from h2 to h3"], Texts(PlanOf(scene, [rule], (rule, "h1"), (rule, "h2"))));
    }

    /// <summary>Whatever moves do to it: h2 is the emptier one, and the rule would empty it as well.</summary>
    [Fact]
    public void Nor_does_a_host_take_any_for_which_the_condition_holds()
    {
        var rule = Compiled("when host.cpu != 50% then evacuate heaviest vm");
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 90).Vm("c", "h3", 100, vcpus: 4);

        Assert.Equal(["migrate vm a from h1 to h3"], Texts(PlanOf(scene, [rule], (rule, "h1"))));
    }

    /// <summary>Hosts that come out of the rule by being filled may be filled from one another, and what was filled is not emptied in the same look.</summary>
    [Fact]
    public void Of_hosts_that_are_too_empty_one_is_filled_by_the_others()
    {
        var rule = Compiled("when host.cpu < 30% then evacuate heaviest vm to fullest host");
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 80).Vm("b", "h2", 90).Vm("c", "h3", 70);

        var plan = PlanOf(scene, [rule], (rule, "h1"), (rule, "h2"), (rule, "h3"));

        Assert.Equal(["migrate vm a from h1 to h2", "migrate vm c from h3 to h2"], Texts(plan));
        Assert.Equal(RefusalCode.BeingActedOn, Assert.Single(plan.Refused).Code);
    }

    /// <summary>v, 16 GiB and 25 points, is to leave h1; h2 has 40 points, 40 GiB and two VMs.</summary>
    private static Scene Filled(int rest = 2) => new Scene().Host("h1").Host("h2")
        .Vm("v", "h1", 100, gib: 16).Vm("rest", "h1", 90, gib: 30, vcpus: rest).Vm("x", "h2", 80, gib: 20).Vm("y", "h2", 80, gib: 20);

    /// <summary>h1 is at 85 %; these of its VMs came from h2 ten minutes ago.</summary>
    private static Scene Hot(params string[] moved)
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("v", "h1", 90, vcpus: 4).Vm("w", "h1", 80, vcpus: 4);
        foreach (var vm in moved) scene.History.Add(new(Now.AddMinutes(-10), BegunKind.Move, vm, "h2", "other"));
        return scene;
    }

    private static Rule Other(int vms) => Compiled($"policy full when host.vms > {vms} then evacuate heaviest vm");

    private static Rule Compiled(string text)
    {
        var compiled = PolicyCompiler.Compile([new SourceText("a.ulm", text.StartsWith("policy", StringComparison.Ordinal) ? text : $"policy relieve {text}")]);
        return Assert.Single(compiled.Policies.Rules);
    }

    private static Plan PlanOf(Scene scene, Rule[] rules, params (Rule Rule, string? On)[] decisions) =>
        new Planner(new PolicySet([.. rules], [], null), PlacementLimits.Default)
            .Plan(scene.Facts(), [.. decisions.Select((d, i) => new Ulm.Engine.Decisions.Decision($"d{i + 1}", d.Rule, d.On is null ? null : SubjectRef.Host(d.On), Now, "because"))], UpkeepScope.None);
}
