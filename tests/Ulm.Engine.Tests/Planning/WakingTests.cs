using System.Collections.Immutable;
using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Which of the hosts that are off are powered on.</summary>
public class WakingTests
{
    private static readonly PowerCurve Thrifty = new([.. Enumerable.Range(0, PowerCurve.Points).Select(i => 50 + 5.0 * i)], 0);

    [Fact]
    public void For_load_that_is_there_the_fastest_to_boot_is_woken_for_a_time_to_come_the_thriftiest()
    {
        var scene = new Scene().Host("h1");
        scene.Hosts.AddRange([
            Some.Host("fast", HostState.Off) with { BootTime = TimeSpan.FromMinutes(1) },
            Some.Host("thrifty", HostState.Off) with { BootTime = TimeSpan.FromMinutes(5), Power = Thrifty }]);

        Assert.Equal("fast", Woken(scene.Plan((Do(new PolicyAction.PowerOn(1)), null))));
        Assert.Equal("thrifty", Woken(scene.Plan((Have(2), null))));
    }

    /// <summary>A host of twice the speed may draw half as much again and is still the cheaper one.</summary>
    [Fact]
    public void Thrift_is_what_a_host_draws_for_what_it_can_do()
    {
        var scene = new Scene().Host("h1");
        scene.Hosts.AddRange([
            Some.Host("large", HostState.Off, cpus: 16) with { Power = new PowerCurve([.. PowerCurve.Typical.Watts.Select(w => 1.5 * w)], 0) }, Some.Host("small", HostState.Off)]);

        Assert.Equal("large", Woken(scene.Plan((Have(2), null))));
    }

    [Theory]
    [InlineData(59, "h3", "")]
    [InlineData(59, "h3", "2 host(s) wanted, 1 that can be powered on are off; h2 did not come up when last told to, less than 1h ago", 2)]
    [InlineData(61, "h2 h3", "", 2)]
    public void A_host_that_has_just_failed_to_come_up_is_not_counted_on(int minutesAgo, string woken, string refused, int count = 1)
    {
        var scene = new Scene().Host("h1").Host("h2", HostState.Off).Host("h3", HostState.Off);
        scene.FailedToWake.Add("h2");
        scene.History.Add(new BegunAction(Now.AddMinutes(-minutesAgo), BegunKind.PowerOn, "h2", "h2", "x"));

        var plan = scene.Plan((Do(new PolicyAction.PowerOn(count)), null));

        Assert.Equal(woken, Woken(plan));
        Assert.Equal(refused, string.Join('|', plan.Refused.SelectMany(r => r.Why)));
    }

    [Fact]
    public void All_hosts_that_a_reserve_needs_are_woken_at_once() =>
        Assert.Equal("h3 h4", Woken(Reserve(2).Host("h3", HostState.Off).Host("h4", HostState.Off).Host("h5", HostState.Off).Plan()));

    [Fact]
    public void One_host_that_is_enough_for_a_reserve_is_better_than_two_that_boot_faster()
    {
        var scene = Reserve(1).Vm("c", "h1", 1, gib: 4);
        scene.Hosts.AddRange([.. ((string[])["s1", "s2"]).Select(n => Some.Host(n, HostState.Off, gib: 32) with { BootTime = TimeSpan.FromSeconds(10) }), Some.Host("large", HostState.Off, gib: 128)]);

        Assert.Equal("large", Woken(scene.Plan()));
    }

    [Fact]
    public void What_is_woken_is_what_may_be_woken_and_the_best_of_it() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int[1, 4], Gen.Int).Check(250, (scene, count, seed) =>
        {
            Spoil(scene, new Random(seed));
            var (now, later) = (scene.Plan((Do(new PolicyAction.PowerOn(count)), null)), scene.Plan((Have(count), null)));
            foreach (var plan in (Plan[])[now, later])
            {
                foreach (var host in Names(plan).Select(n => scene.Hosts.Single(h => h.Name == n)))
                {
                    Assert.Equal((HostState.Off, true), (host.State, host.HasPowerControl));
                    Assert.False(scene.FailedToWake.Contains(host.Name) && Now - scene.History.LastPowerOnOf(host.Name) < TimeSpan.FromHours(1), $"{host.Name} has just failed");
                }
            }

            var free = scene.Hosts.Where(h => h is { State: HostState.Off, HasPowerControl: true } && !scene.FailedToWake.Contains(h.Name)).ToList();
            var fast = Names(now).Select(n => scene.Hosts.Single(h => h.Name == n)).ToList();
            Assert.Equal(Math.Min(count, free.Count), fast.Count(free.Contains));
            if (fast.Count > 0 && fast.All(free.Contains)) Assert.All(free.Except(fast), h => Assert.True(h.BootTime >= fast.Max(f => f.BootTime)));
            foreach (var cluster in Names(later).Select(n => scene.Hosts.Single(h => h.Name == n)).Where(free.Contains).GroupBy(h => h.Cluster))
                Assert.All(free.Where(h => h.Cluster == cluster.Key).Except(cluster), h => Assert.True(Price(h) >= cluster.Max(Price)));

            static double Price(Host host) => host.Power.At(1) / host.CpuCapacity;
        });

    [Fact]
    public void A_reserve_that_hosts_can_mend_is_mended_by_as_few_as_do() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int[1, 2]).Check(150, (scene, reserve) =>
        {
            scene.Constraints.Clear();
            scene.Constraints.Add(Some.ReserveHosts(reserve));
            for (var i = 0; i < 4; i++) scene.Hosts.Add(Some.Host($"off{i}", HostState.Off, gib: 64 << (i % 2)) with { Cluster = "c0" });
            var (facts, constraints) = (scene.Facts(), new ConstraintSet([.. scene.Constraints]));
            scene.Upkeep = true;
            var plan = scene.Plan();
            var woken = Names(plan).Where(n => scene.Hosts.Single(h => h.Name == n).Cluster == "c0").ToList();
            var broken = scene.Hosts.All(h => h.Cluster != "c0" || h.State != HostState.PoweringOn) && !Holds([]);
            var all = scene.Hosts.Where(h => h is { Cluster: "c0", State: HostState.Off, HasPowerControl: true }).Select(h => h.Name).ToList();
            if (!broken) Assert.Empty(woken);
            else if (!Holds(all)) Assert.True(woken.Count <= 1);
            else
            {
                Assert.True(Holds(woken), "they are not enough");
                Assert.True(woken.Count == 1 || all.All(one => !Holds([one])), "one would have done");
                Assert.False(woken.Count > 1 && Holds(woken[..^1]), "one less would have done");
            }

            bool Holds(IEnumerable<string> on)
            {
                var placement = new Placement(facts.WithHostsOn(on.ToImmutableHashSet()), constraints);
                return placement.Constraints.ReserveBrokenIn("c0", placement) is null;
            }
        });

    private static void Spoil(Scene scene, Random random)
    {
        for (var i = 0; i < scene.Hosts.Count; i++)
        {
            if (random.Next(2) == 0) scene.Hosts[i] = scene.Hosts[i] with { State = HostState.Off, BootTime = TimeSpan.FromSeconds(random.Next(30, 600)) };
            scene.Vms.RemoveAll(v => v.Host == scene.Hosts[i].Name && scene.Hosts[i].State == HostState.Off);
            scene.Moves.RemoveAll(m => scene.Hosts[i].State == HostState.Off && (m.From == scene.Hosts[i].Name || m.To == scene.Hosts[i].Name));
            if (random.Next(3) > 0) continue;
            scene.FailedToWake.Add(scene.Hosts[i].Name);
            scene.History.Add(new BegunAction(Now.AddMinutes(-random.Next(1, 120)), BegunKind.PowerOn, scene.Hosts[i].Name, scene.Hosts[i].Name, "x"));
        }
    }

    /// <summary>Two hosts of 64 GiB that hold 50 each.</summary>
    private static Scene Reserve(int hosts) =>
        new Scene { Upkeep = true }.Host("h1").Host("h2").Vm("a", "h1", 1, gib: 50).Vm("b", "h2", 1, gib: 50).With(s => s.Constraints.Add(Some.ReserveHosts(hosts)));

    private static Rule Have(int count) => Do() with { Trigger = new Trigger.HaveOn(count, new(7, 30), DaysOfWeek.Daily) };

    private static List<string> Names(Plan plan) => [.. plan.Steps.Select(s => s.Action).OfType<PlannedAction.PowerOn>().Select(o => o.Host)];

    private static string Woken(Plan plan) => string.Join(' ', Names(plan).Order());
}
