using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Hosts draw 100 W idle, 250 W at full load and nothing off, boot in two minutes and shut down in half a minute. It is midnight.</summary>
public class SwitchingEconomicsTests
{
    private static readonly Rule Night = Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0));

    /// <summary>A boot costs 150 W x 120 s = 5 Wh, which a host saves in 3 min. Idle for 5 min, told on 4 min before its time, 30 s for its shutdown.</summary>
    [Theory]
    [InlineData(11, false)]
    [InlineData(14, false)]
    [InlineData(15, true)]
    [InlineData(480, true)]
    public void A_host_goes_off_only_if_it_is_off_for_longer_than_its_boot_costs(int minutes, bool goes) =>
        Assert.Equal(goes ? "h2" : "", Off(Idle(Have(2, minutes))));

    [Theory]
    [InlineData(14, "off for 2m30s, until have has it on again at 00:14, saves 4.17 Wh; its boot costs 5 Wh")]
    [InlineData(11, "have has it on again at 00:11, before it could be off at all")]
    public void The_refusal_says_for_how_long_and_what_it_would_save_and_cost(int minutes, string why)
    {
        var refused = Assert.Single(Idle(Have(2, minutes)).Refused);

        Assert.Equal((RefusalCode.WantedAgainSoon, "host/h2"), (refused.Code, refused.Subject));
        Assert.Equal([why], refused.Why.AsEnumerable());
    }

    /// <summary>TIME was so many minutes before midnight.</summary>
    [Theory]
    [InlineData(0, "have has it on since 00:00, and keeps it until 00:30")]
    [InlineData(-29, "have has it on since 23:31, and keeps it until 00:01")]
    [InlineData(-30, null)]
    public void Hosts_are_kept_for_a_while_after_the_time_they_were_wanted_for(int minutes, string? why)
    {
        var plan = Idle(Have(2, minutes));

        Assert.Equal(why is null ? "h2" : "", Off(plan));
        Assert.Equal(why, plan.Refused.SingleOrDefault()?.Why.Single());
    }

    [Fact]
    public void Hosts_beyond_the_number_that_is_asked_for_are_free_to_go()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Host("h4").Vm("a", "h1", 10);

        Assert.Equal("h3 h4", Off(Plan(scene, Do(new PolicyAction.PowerOffIdle(0)), Have(2, 10))));
    }

    [Fact]
    public void A_schedule_that_powers_hosts_on_counts_as_one_that_wants_them()
    {
        var on = Some.At("morning", new TimeOnly(0, 8), DaysOfWeek.Daily, new PolicyAction.PowerOn(1));

        Assert.Equal("", Off(Idle(on)));
        Assert.Equal("h2", Off(Idle(on with { Mode = RuleMode.Observe })));
        Assert.Equal("h2", Off(Idle(on with { Guards = new() { Cluster = "other" } })));
        Assert.Equal("h2", Off(Idle(on with { Guards = new() { During = [Some.Window("22:00-06:00")] } })));
    }

    [Fact]
    public void Hosts_that_would_be_wanted_again_too_soon_are_not_emptied_either()
    {
        Assert.Empty(Packed(Have(2, 10)).Steps);
        Assert.Equal(["migrate vm b from h2 to h1", "power off host h2"], Texts(Packed(Have(1, 10))));
        Assert.Equal(["migrate vm b from h2 to h1", "power off host h2"], Texts(Packed(Have(2, 600))));
    }

    /// <summary>16 GiB take 137 s to copy, and half a joule a megabyte: 2.4 Wh.</summary>
    [Fact]
    public void What_is_copied_counts()
    {
        var refused = Packed(Have(2, 18), gib: 16).Refused.First(r => r.Subject == "host/h2");

        Assert.Equal(["off for 4m13s, until have has it on again at 00:18, saves 7.02 Wh; its boot costs 5 Wh and moving 16GiB 2.44 Wh"], refused.Why.AsEnumerable());
    }

    [Fact]
    public void Where_no_rule_powers_off_consolidation_is_not_about_energy() =>
        Assert.Equal(["migrate vm b from h2 to h1"], Texts(Plan(Two(4), Do(new PolicyAction.Consolidate()), Have(2, 10))));

    [Fact]
    public void Nothing_that_is_switched_off_draws_more_until_the_next_need_than_it_would_left_on() =>
        Gen.Select(Gen.Int[2, 12], Gen.Int[0, 12], Gen.Int[5, 90], Gen.Int[0, 20], Gen.Int[0, 3000]).Check(300, drawn =>
        {
            var (hosts, wanted, minutes, gib, bootSeconds) = drawn;
            var scene = new Scene();
            for (var i = 0; i < hosts; i++)
            {
                scene.Hosts.Add(Some.Host($"h{i:00}") with { BootTime = TimeSpan.FromSeconds(bootSeconds) });
                if (gib > 0) scene.Vm($"v{i:00}", $"h{i:00}", 1, gib);
            }

            var plan = wanted == 0 ? Plan(scene, Night) : Plan(scene, Night, Have(wanted, minutes));
            var off = plan.Steps.Count(s => s.Action is PlannedAction.PowerOff);
            var again = Math.Clamp(wanted - (hosts - off), 0, off);
            if (again == 0) return;

            // On for all of the time, or off, woken early enough for the time, and copied for.
            var lead = Math.Ceiling((bootSeconds * 1.1 + 60) / 60) * 60;
            var from = 300 + (gib * Some.GiB * 8 / 1e9);
            var left = (minutes * 60 - from) * 100;
            var switched = 30 * 100 + bootSeconds * 250 + (lead - bootSeconds) * 100 + 0.512e-6 * gib * Some.GiB;
            Assert.True(switched < left + 1e-6, $"{again} hosts are on again after {minutes} min: {switched} J instead of {left} J");
        });

    private static Plan Idle(Rule other) => Plan(new Scene().Host("h1").Host("h2").Vm("a", "h1", 10), Do(new PolicyAction.PowerOffIdle(0)), other);

    private static Scene Two(long gib) => new Scene().Host("h1").Host("h2").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: gib);

    private static Plan Packed(Rule other, long gib = 4) => Plan(Two(gib), Night, other);

    /// <summary>The first rule's decision, with the others in force.</summary>
    private static Plan Plan(Scene scene, params Rule[] rules) =>
        new Planner(Some.Policies(rules), PlacementLimits.Default).Plan(scene.Facts(), [new("d1", rules[0], null, Now, "because")]);

    private static Rule Have(int count, int minutes) => Do() with { Name = "have", Trigger = new Trigger.HaveOn(count, default(TimeOnly).AddMinutes(minutes), DaysOfWeek.Daily) };

    private static string Off(Plan plan) => string.Join(' ', plan.Steps.Select(s => s.Action).OfType<PlannedAction.PowerOff>().Select(o => o.Host).Order());
}
