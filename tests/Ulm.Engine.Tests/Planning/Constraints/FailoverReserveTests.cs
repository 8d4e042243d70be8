using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning.Constraints;

public class FailoverReserveTests
{
    /// <summary>40 GiB are free in sum, but in two pieces: a VM does not run in halves.</summary>
    [Fact]
    public void Room_in_pieces_is_no_room_for_a_vm_that_is_larger_than_each()
    {
        var scene = Three().Vm("large", "h1", 1, gib: 30).Vm("x", "h2", 1, gib: 40).Vm("y", "h3", 1, gib: 40);

        Assert.Equal("\"reserve 1 host(s)\": if h1 fails, vm large (30GiB) finds no place among what else runs there on 2 host(s), of which none has more than 20.8GiB free", Broken(scene));
    }

    [Fact]
    public void Cpu_counts_as_memory_does() => Assert.Contains("if h1 fails, vm busy (1GiB)", Broken(
        Three().Vm("busy", "h1", 100, gib: 1, vcpus: 4).Vm("x", "h2", 100, gib: 1, vcpus: 5).Vm("y", "h3", 100, gib: 1, vcpus: 5)));

    [Fact]
    public void A_vm_whose_use_is_unknown_counts_with_all_its_vcpus() => Assert.Contains("vm silent", Broken(
        Three().Vm("silent", "h1", double.NaN, gib: 1, vcpus: 4).Vm("x", "h2", 100, gib: 1, vcpus: 5).Vm("y", "h3", 100, gib: 1, vcpus: 5)));

    [Fact]
    public void The_last_host_that_could_take_a_failed_one_s_vms_is_not_powered_off()
    {
        var scene = Three().Vm("a", "h1", 1, gib: 20).Vm("b", "h2", 1, gib: 45);

        var plan = scene.Plan((Do(new PolicyAction.PowerOffIdle(0)), null));

        Assert.Empty(plan.Steps);
        Assert.Equal(RefusalCode.ReservedHosts, Assert.Single(plan.Refused).Code);
    }

    [Fact]
    public void A_move_that_would_use_the_reserve_is_refused()
    {
        // h3 must stay able to take h2's large one.
        var scene = Three().Vm("a", "h1", 100, gib: 6).Vm("large", "h2", 1, gib: 58);

        Assert.Contains("\"reserve 1 host(s)\": if h2 fails, vm large (58GiB)", Assert.Single(scene.Plan((Evacuate(), "h1")).Refused).Why.Single());
    }

    [Fact]
    public void Where_it_is_broken_already_a_move_that_makes_it_no_worse_is_let_through()
    {
        var scene = Three().Vm("a", "h1", 100, gib: 1).Vm("huge", "h2", 1, gib: 60).Vm("x", "h3", 1, gib: 30);

        Assert.NotNull(Broken(scene));
        Assert.Equal(["migrate vm a from h1 to h3"], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    /// <summary>10.45 GiB may be used on each of two hosts. 5+4, then 4+3+2 leave the second 2 without a place; 5+3+2 and 4+4+2 place all.</summary>
    [Fact]
    public void It_is_kept_where_only_an_order_that_is_not_by_size_places_all() => Assert.Null(Broken(Tight()));

    [Fact]
    public void What_is_kept_only_just_is_not_taken_for_broken_so_that_a_move_may_break_it()
    {
        var scene = Tight().Host("h4", HostState.Maintenance).Vm("late", "h4", 1, gib: 1);

        Assert.Contains("\"reserve 1 host(s)\": if h1 fails, vm", Assert.Single(scene.Plan((Do(new PolicyAction.MigrateVm("late", "h2")), null)).Refused).Why.Single());
    }

    /// <summary>Where it came from nothing can return to: if its new host fails, there are 70 GiB for the 60.8 that h3 takes.</summary>
    [Fact]
    public void A_vm_that_leaves_a_host_in_maintenance_is_one_more_to_be_placed_if_its_new_host_fails()
    {
        var scene = Three().Vm("late", "h1", 1, gib: 30).Vm("x", "h2", 1, gib: 40);
        scene.Hosts[0] = scene.Hosts[0] with { State = HostState.Maintenance };
        scene.Hosts[1] = scene.Hosts[1] with { MemoryBytes = 128 * Some.GiB };

        Assert.Contains("\"reserve 1 host(s)\": if h2 fails, vm x (40GiB)", Assert.Single(scene.Plan((Do(new PolicyAction.MigrateVm("late", "h2")), null)).Refused).Why.Single());
    }

    /// <summary>97 GiB in 27 VMs, 10.8 GiB free on each of nine hosts: by no sum is it plain that only ten of each can be used.</summary>
    [Fact]
    public void What_could_not_be_decided_is_refused_with_its_numbers()
    {
        var scene = new Scene().Host("h0").With(s => s.Constraints.Add(Some.ReserveHosts(1)));
        for (var i = 1; i <= 9; i++) scene.Host($"h{i}").Vm($"fill{i}", $"h{i}", 1, gib: 50);
        scene.Hosts[0] = scene.Hosts[0] with { MemoryBytes = 128 * Some.GiB };
        for (var i = 0; i < 27; i++) scene.Vm($"v{i:00}", "h0", 1, gib: i < 3 ? 5 : i < 13 ? 4 : 3);

        Assert.Equal("\"reserve 1 host(s)\": if h0 fails, it could not be decided whether 27 VM(s) with 97GiB find a place each in the 97.2GiB that are free on 9 host(s)", Broken(scene));
    }

    [Theory]
    [InlineData(2, 16, true)]
    [InlineData(2, 32, false)]
    [InlineData(3, 16, false)]
    public void Any_of_them_may_fail_together(int failing, int gib, bool kept)
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Host("h4").With(s => s.Constraints.Add(Some.ReserveHosts(failing)));
        foreach (var host in scene.Hosts.ToList()) scene.Vm($"on-{host.Name}", host.Name, 1, gib);

        Assert.Equal(kept, Broken(scene) is null);
    }

    /// <summary>What it calls kept is kept: every single failure is placed by an exhaustive search that shares nothing with it.</summary>
    [Fact]
    public void It_never_calls_kept_what_is_not() => Gen.Select(Gen.Int, Gen.Int[2, 6], Gen.Int[0, 14]).Sample((seed, hosts, vms) =>
    {
        var random = new Random(seed);
        var scene = new Scene();
        for (var i = 0; i < hosts; i++) scene.Host($"h{i}", gib: 32 + 16 * random.Next(3));
        for (var i = 0; i < vms; i++) scene.Vm($"v{i}", $"h{random.Next(hosts)}", random.Next(100), 1 + random.Next(24), 1 + random.Next(4));
        scene.Constraints.Add(Some.ReserveHosts(1));
        if (Broken(scene) is not null) return;
        foreach (var failed in scene.Hosts) Assert.True(Places(scene, failed), $"{failed.Name} can't fail");
    }, iter: 2000);

    private static bool Places(Scene scene, Host failed)
    {
        var rest = scene.Hosts.Where(h => h != failed && h.State == HostState.On).Select(h => (
            Memory: 0.95 * h.MemoryBytes - scene.Vms.Where(v => v.Host == h.Name).Sum(v => v.MemoryBytes),
            Cpu: h.CpuCapacity - scene.Vms.Where(v => v.Host == h.Name).Sum(scene.Demand))).ToArray();
        return Try([.. scene.Vms.Where(v => v.Host == failed.Name)]);

        bool Try(Vm[] vms)
        {
            if (vms.Length == 0) return true;
            for (var i = 0; i < rest.Length; i++)
            {
                var before = rest[i];
                if (before.Memory < vms[0].MemoryBytes || before.Cpu < scene.Demand(vms[0]) - 1e-6) continue;
                rest[i] = (before.Memory - vms[0].MemoryBytes, before.Cpu - scene.Demand(vms[0]));
                if (Try(vms[1..])) return true;
                rest[i] = before;
            }

            return false;
        }
    }

    private static Scene Tight()
    {
        var scene = new Scene().Host("h1").Host("h2", gib: 11).Host("h3", gib: 11).With(s => s.Constraints.Add(Some.ReserveHosts(1)));
        foreach (var (number, gib) in ((int, long)[])[(1, 5), (2, 4), (3, 4), (4, 3), (5, 2), (6, 2)]) scene.Vm($"v{number}", "h1", 1, gib);
        return scene;
    }

    private static Scene Three() => new Scene().Host("h1").Host("h2").Host("h3").With(s => s.Constraints.Add(Some.ReserveHosts(1)));

    private static string? Broken(Scene scene)
    {
        var placement = new Placement(scene.Facts(), new ConstraintSet([.. scene.Constraints]));
        return placement.Constraints.ReserveBrokenIn(Host.DefaultCluster, placement);
    }
}
