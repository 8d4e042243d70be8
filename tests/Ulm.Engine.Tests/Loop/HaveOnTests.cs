using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary><c>have 3 hosts on by 12:30</c>: h1 and h2 are on, h3 is off and takes two minutes to boot. The run begins at noon and polls every minute.</summary>
public class HaveOnTests
{
    private static readonly PolicySet Ready = Some.Policies(Some.At("ready", default, DaysOfWeek.Daily) with { Trigger = new Trigger.HaveOn(3, new(12, 30), DaysOfWeek.Daily) });

    [Fact]
    public void The_missing_host_is_woken_early_enough_once()
    {
        var run = Site(boots: 2).For(60, Ready);

        Assert.Equal(["12:26:00 on h3"], run.Calls);
        Assert.Equal(["12:26:00 ready fires: to have 3 host(s) on by 12:30, its time came at 12:26:00"], run.Journal(JournalKind.Decision));
    }

    [Fact]
    public void It_wakes_between_two_polls_where_the_lead_says_so()
    {
        var run = Site(boots: 2);
        run.Options = run.Options with { PollingInterval = TimeSpan.FromMinutes(5) };

        Assert.Equal(["12:26:00 on h3"], run.For(60, Ready).Calls);
    }

    /// <summary>Watched minute by minute, a boot of 100 seconds is seen after two minutes, one of seven minutes after seven: then the next day begins earlier.</summary>
    [Fact]
    public void The_next_day_it_goes_by_what_the_last_boot_took_also_after_a_restart()
    {
        var run = Site(boots: 7, configured: 2);
        run.For(60, Ready);
        Assert.Equal(["12:26:00 on h3"], run.Calls);

        run.World.Become("h3", HostState.Off);
        run.For(24 * 60, Ready);
        Assert.Equal("12:21:00 on h3", run.Calls[1]);
    }

    [Fact]
    public void A_host_that_goes_off_between_the_start_and_the_time_is_woken_at_once()
    {
        var run = Site(boots: 2);
        run.World.Become("h3", HostState.On);
        run.For(60, Ready, script: (27.5, _ => run.World.Become("h2", HostState.Off)));

        Assert.Equal(["12:28:00 on h2"], run.Calls);
    }

    [Fact]
    public void A_server_started_after_the_start_and_before_the_time_still_does_what_it_can()
    {
        var run = Site(boots: 2, start: 28);

        Assert.Equal(["12:29:00 on h3"], run.For(60, Ready).Calls);
    }

    [Fact]
    public void After_the_time_it_waits_for_the_next_day() => Assert.Empty(Site(boots: 2, start: 30).For(60, Ready).Calls);

    /// <summary>h3 takes its order and never comes up. h4 is woken in its place while there still is time, long before h3 is given up.</summary>
    [Fact]
    public void One_more_is_woken_in_time_for_a_host_that_does_not_come_up()
    {
        var run = Site(boots: 2, spare: true);
        run.World.NeverBoots.Add("h3");
        run.For(30, Ready);

        Assert.Equal(["12:22:00 on h3", "12:27:00 on h4"], run.Calls);
        Assert.Equal(3, run.World.Hosts.Values.Count(h => h.State == HostState.On));
    }

    [Fact]
    public void A_host_whose_bmc_refuses_is_made_up_for_too()
    {
        var run = Site(boots: 2, spare: true);
        run.World.BmcRefuses.Add("h3");
        run.For(30, Ready);

        Assert.Equal(["12:22:00 on h3", "12:26:00 on h4"], run.Calls);
    }

    private static Run Site(double boots, double? configured = null, double start = 0, bool spare = false)
    {
        var hosts = new[] { HostState.On, HostState.On, HostState.Off, HostState.Off }.Take(spare ? 4 : 3).Select((state, i) => Some.Host($"h{i + 1}", state) with { BootTime = TimeSpan.FromMinutes(configured ?? boots) });
        var run = new Run(hosts, [], (_, _) => 0, Run.Start.AddMinutes(start));
        run.World.BootTakes = TimeSpan.FromMinutes(boots);
        return run;
    }
}
