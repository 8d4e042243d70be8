using CsCheck;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Planning;

/// <summary>What somebody holds is left as it is, whatever rules, constraints and orders want.</summary>
public class OnHoldProperties
{
    private const int Sites = 250;

    [Fact]
    public void No_plan_touches_what_is_held() =>
        Gen.Select(RandomScenes.Scenes, Gen.Int, Gen.Select(Gen.Int[0, 19].Array[1, 4], Gen.Int[0, 59].Array[0, 6])).Check(Sites, (scene, seed, held) =>
        {
            var (hosts, vms) = held;
            scene.Upkeep = seed % 2 == 0;
            foreach (var host in hosts) scene.OnHold.Add(scene.Hosts[host % scene.Hosts.Count].Ref);
            foreach (var vm in vms.Where(_ => scene.Vms.Count > 0)) scene.OnHold.Add(scene.Vms[vm % scene.Vms.Count].Ref);

            var actions = scene.Plan(RandomScenes.Decisions(scene, seed)).Steps.Select(s => s.Action).ToList();

            Assert.DoesNotContain(actions, a => a.SwitchedHost is { } switched && scene.OnHold.Contains(SubjectRef.Host(switched)));
            Assert.DoesNotContain(actions.OfType<PlannedAction.Migrate>(), m =>
                scene.OnHold.Contains(SubjectRef.Vm(m.Vm)) || scene.OnHold.Contains(SubjectRef.Host(m.From)) || scene.OnHold.Contains(SubjectRef.Host(m.To)));
        });

    [Fact]
    public void A_refusal_names_who_holds_it_until_when_and_why()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 90, vcpus: 8).With(s => s.OnHold.Add(SubjectRef.Host("h2")));

        var refused = Assert.Single(scene.Plan((Scene.Evacuate(), "h1")).Refused);

        Assert.Contains(refused.Why, w => w.Contains(": h2 is held by ann until 2026-01-05 01:00:00 UTC: tests"));
    }
}
