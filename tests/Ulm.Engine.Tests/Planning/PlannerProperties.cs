using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Tests.Planning;

public class PlannerProperties
{
    private const int Sites = 250;
    private const int OrdersPerPlan = 4;

    [Fact]
    public void Every_admissible_order_keeps_every_limit_and_constraint_in_every_state_between() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int).Check(Sites, WalkInSomeOrders);

    /// <summary>Beyond those of every run, and once broken: a reserve that was taken for broken, another failure than the one judged before, a VM that left a host in maintenance.</summary>
    [Theory]
    [InlineData(1804)]
    [InlineData(2642)]
    [InlineData(4403)]
    public void Orders_that_once_broke_a_reserve_keep_it(int number)
    {
        var (scene, seed) = Gen.Select(RandomScenes.Scenes, Gen.Int).Case(number);
        WalkInSomeOrders(scene, seed);
    }

    private static void WalkInSomeOrders(Scene scene, int seed)
    {
        scene.Upkeep = seed % 2 == 0;
        var plan = scene.Plan(RandomScenes.Decisions(scene, seed));
        for (var order = 0; order < OrdersPerPlan; order++) PlanWalker.Walk(scene, plan, seed + order);
    }

    [Fact]
    public void No_vm_moves_twice_unless_it_is_parked_on_the_way_and_no_host_is_switched_twice() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int).Check(Sites, (scene, seed) =>
        {
            scene.Upkeep = seed % 2 == 0;
            var actions = scene.Plan(RandomScenes.Decisions(scene, seed)).Steps.Select(s => s.Action).ToList();
            foreach (var moves in actions.OfType<PlannedAction.Migrate>().GroupBy(m => m.Vm).Select(g => g.ToList()).Where(m => m.Count > 1))
            {
                Assert.Equal(2, moves.Count);
                Assert.Equal(moves[0].To, moves[1].From);
                Assert.NotEqual(moves[0].From, moves[1].To);
            }

            var switched = actions.Select(a => a.SwitchedHost).Where(h => h is not null).ToList();
            Assert.Equal(switched.Distinct(), switched);
        });

    [Fact]
    public void A_consolidation_empties_no_fewer_hosts_than_its_first_answer_and_copies_no_more_for_as_many() =>
        RandomScenes.Scenes.Check(Sites, scene =>
        {
            var placement = new Placement(scene.Facts(), new ConstraintSet([.. scene.Constraints]));
            var context = new PlanningContext(Scene.Do(new PolicyAction.Consolidate()), PlacementLimits.Default, []);

            var (first, found) = (Weigh(ConsolidatePlanner.Greedily(placement, context)), Weigh(ConsolidatePlanner.Plan(placement, context)));

            Assert.True(found.Emptied > first.Emptied || (found.Emptied == first.Emptied && found.Copied <= first.Copied), $"{found} against {first} at first");

            (int Emptied, long Copied) Weigh(Proposal proposal) => (
                placement.Site.Hosts.Count(h => !placement.IsEmpty(h) && proposal.After.IsEmpty(h)),
                proposal.Actions.OfType<PlannedAction.Migrate>().Sum(m => placement.Site.Vm(m.Vm).MemoryBytes));
        });

    [Fact]
    public void A_plan_does_not_depend_on_the_order_in_which_hosts_and_vms_come() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int).Check(Sites, (scene, seed) =>
        {
            var decisions = RandomScenes.Decisions(scene, seed);
            var plan = scene.Plan(decisions);
            scene.Hosts.Reverse();
            scene.Vms.Reverse();
            var again = scene.Plan(decisions);
            Assert.Equal(plan.FactsHash, again.FactsHash);
            Assert.Equal(plan.Steps.Select(s => $"{s.Id} after {string.Join(',', s.After)}: {s.Action}"), again.Steps.Select(s => $"{s.Id} after {string.Join(',', s.After)}: {s.Action}"));
            Assert.Equal(plan.Refused.SelectMany(r => r.Why), again.Refused.SelectMany(r => r.Why));
        });

    [Fact]
    public void Consolidation_empties_a_host_or_leaves_it_alone() =>
        RandomScenes.Scenes.Check(Sites, scene =>
        {
            var plan = scene.Plan((Scene.Do(new PolicyAction.Consolidate()), null));
            var moves = plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>().ToList();
            foreach (var emptied in moves.Where(m => m.MakesRoomFor is null).GroupBy(m => m.From))
            {
                Assert.Equal(scene.Vms.Where(v => v.Host == emptied.Key).Select(v => v.Name).Order(), emptied.Select(m => m.Vm).Order());
                Assert.DoesNotContain(moves, m => m.To == emptied.Key);
                Assert.DoesNotContain(scene.Moves, m => m.To == emptied.Key);
            }

            // What moves aside is paid by a host that is emptied, and its place is taken.
            foreach (var aside in moves.Where(m => m.MakesRoomFor is not null))
            {
                Assert.Contains(moves, m => m.From == aside.MakesRoomFor && m.MakesRoomFor is null);
                Assert.Contains(moves, m => m.To == aside.From);
            }

            // Of what a budget cut off, the hosts that were to be filled are not named.
            if (plan.Refused.Any(r => r.Code == RefusalCode.MigrationBudgetSpent)) return;
            // What is neither emptied nor filled is refused with a reason, unless something is bound for it or there was nothing to empty.
            foreach (var host in scene.Hosts.Where(h => h.State == HostState.On && scene.Vms.Any(v => v.Host == h.Name)))
            {
                if (!moves.Any(m => m.From == host.Name || m.To == host.Name) && scene.Moves.All(m => m.To != host.Name))
                    Assert.Contains(plan.Refused, r => r.Subject == host.Ref.ToString() && r.Why.Length > 0);
            }
        });

    [Fact]
    public void Balance_never_widens_the_gap_and_ends_within_the_tolerance_or_says_why() =>
        Gen.Select(RandomScenes.Scenes, Gen.Bool, Gen.Int[2, 30]).Check(Sites, (scene, byCpu, tolerance) =>
        {
            var by = byCpu ? Resource.Cpu : Resource.Memory;
            var placement = new Placement(scene.Facts(), new ConstraintSet([.. scene.Constraints]));
            var proposal = BalancePlanner.Plan(placement, new PolicyAction.Balance(by, tolerance), new PlanningContext(Scene.Do(), PlacementLimits.Default, []));
            foreach (var cluster in scene.Hosts.Where(h => h.State == HostState.On && double.IsFinite(scene.HostPercent(h))).GroupBy(h => h.Cluster))
            {
                double Gap(Placement p) => cluster.Max(h => p.Percent(h, by)) - cluster.Min(h => p.Percent(h, by));
                var gap = Gap(proposal.After);
                Assert.True(gap <= Gap(placement) + 1e-6, $"the gap has widened from {Gap(placement)} to {gap}");
                if (gap > tolerance + 1e-6) Assert.Contains(proposal.Refused, r => r.Subject == $"cluster/{cluster.Key}");
            }
        });

    [Fact]
    public void Evacuation_takes_the_heaviest_that_fits() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int[0, 19], Gen.Bool).Check(Sites, (scene, index, fitting) =>
        {
            // VMs that go together, and soft wishes, have tests of their own.
            scene.Constraints.RemoveAll(c => c is StandingConstraint.Together or StandingConstraint.Apart { Hard: false });
            var source = scene.Hosts[index % scene.Hosts.Count];
            var rule = Scene.Evacuate(fitting, above: 60);
            var plan = scene.Plan((rule, source.Name));
            if (source.State != HostState.On)
            {
                Assert.Empty(plan.Steps);
                return;
            }

            var placement = new Placement(scene.Facts(), new ConstraintSet([.. scene.Constraints]));
            var byWeight = scene.Vms.Where(v => v.Host == source.Name)
                .OrderByDescending(v => double.IsFinite(scene.Demand(v)) ? scene.Demand(v) : -1).ThenBy(v => v.Name, StringComparer.Ordinal).ToList();
            var fits = byWeight.Where(v => scene.Demand(v) / source.CpuCapacity >= 0.01 && MayMove(v) && Targets(v).Any()).ToList();
            var expected = fits.FirstOrDefault(v => fitting || v == byWeight[0]);
            if (expected is null)
            {
                Assert.Empty(plan.Steps);
                Assert.NotEmpty(Assert.Single(plan.Refused).Why);
                return;
            }

            var move = Assert.IsType<PlannedAction.Migrate>(Assert.Single(plan.Steps).Action);
            Assert.Equal(expected.Name, move.Vm);
            Assert.Equal(Targets(expected).Min(After), After(scene.Hosts.Single(h => h.Name == move.To)), 9);

            bool MayMove(Vm v) => PlacementFilters.ForVm(placement, v) is null;
            IEnumerable<Host> Targets(Vm v) => scene.Hosts.Where(h => h.Name != source.Name && PlacementFilters.ForTarget(placement, v, h, PlacementLimits.Default.ForRule(rule)) is null);
            // What is on its way to a host has to be waited for there.
            double After(Host h) => (placement.Cpu(h) + scene.Demand(expected)) / h.CpuCapacity + TargetScores.QueueWeight * Math.Min(10, scene.Moves.Count(m => m.To == h.Name)) / 10;
        });
}
