using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary><c>have 3 hosts on by 12:30</c>: h1 and h2 are on, h3 is off and takes two minutes to boot. The run begins at noon and polls every minute.</summary>
public class HaveOnTests
{
    private static readonly PolicySet Ready = Some.Policies(Some.At("ready", default, DaysOfWeek.Daily) with { Trigger = new Trigger.HaveOn(3, new(12, 30), DaysOfWeek.Daily) });

    [Fact]
    public void The_missing_host_is_woken_early_enough_once()
    {
        var run = Site(boots: 2).For(60, Ready);

        Assert.Equal(["12:24:00 on h3"], run.Calls);
        Assert.Equal(["12:24:00 ready fires: to have 3 host(s) on by 12:30, its time came at 12:24:00"], run.Journal(JournalKind.Decision));
    }

    [Fact]
    public void It_wakes_between_two_polls_where_the_lead_says_so()
    {
        var run = Site(boots: 2);
        run.Options = run.Options with { PollingInterval = TimeSpan.FromMinutes(5) };

        Assert.Equal(["12:12:00 on h3"], run.For(60, Ready).Calls);
    }

    /// <summary>Watched minute by minute, a boot of 100 seconds is seen after two minutes, one of seven minutes after seven: then the next day begins earlier.</summary>
    [Fact]
    public void The_next_day_it_goes_by_what_the_last_boot_took_also_after_a_restart()
    {
        var run = Site(boots: 7, configured: 2);
        run.For(60, Ready);
        Assert.Equal(["12:24:00 on h3"], run.Calls);

        run.World.Become("h3", HostState.Off);
        run.For(24 * 60, Ready);
        Assert.Equal("12:19:00 on h3", run.Calls[1]);
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

    /// <summary>The server is killed right after it has told h3 to wake, which never comes up, and is started again at 12:31 or 12:45: h4 is there to be woken in its place.</summary>
    [Theory]
    [InlineData(12.5, null, true)]
    [InlineData(26.5, null, false)]
    [InlineData(26.5, "06:00-18:00", true)]
    [InlineData(26.5, "06:00-12:40", false)]
    public void A_time_that_passed_while_no_server_ran_is_made_up_for_shortly_after_or_within_its_window(double away, string? window, bool made)
    {
        var run = Site(boots: 2, spare: true);
        run.World.NeverBoots.Add("h3");
        var ready = Ready.Rules[0];
        if (window is not null) ready = ready with { Guards = new RuleGuards { During = [Some.Window(window)] } };

        run.For(18.5, Some.Policies(ready), kill: true);
        Assert.Equal(["12:18:00 on h3"], run.Calls);
        run.Idle(away);
        run.For(20, Some.Policies(ready));

        Assert.Equal(made ? ["on h4"] : [], run.Calls.Skip(1).Select(c => c[9..]));
        Assert.Equal(made ? 0 : 1, run.Store.Journal.Count(e => e.Outcome == "missed"));
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

        Assert.Equal(["12:18:00 on h3", "12:23:00 on h4"], run.Calls);
        Assert.Equal(3, run.World.Hosts.Values.Count(h => h.State == HostState.On));
    }

    [Fact]
    public void A_host_whose_bmc_refuses_is_made_up_for_at_once()
    {
        var run = Site(boots: 2, spare: true);
        run.World.BmcRefuses.Add("h3");
        run.For(30, Ready);

        Assert.Equal(["12:18:00 on h3", "12:19:00 on h4"], run.Calls);
    }

    /// <summary>
    /// However far the polls are apart: what is decided at the time counts on the hosts that were woken for it. As in the world, munin tells a host's CPU use
    /// from the third poll that the host answers on: the first finds that it does, a rate takes two counts.
    /// </summary>
    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(420)]
    [InlineData(900)]
    public void What_is_decided_at_the_time_counts_on_the_hosts_that_were_woken_for_it(int polledEvery)
    {
        var interval = TimeSpan.FromSeconds(polledEvery);
        var run = new Run(
            [Some.Host("h1"), Some.Host("h2"), .. ((string[])["h3", "h4"]).Select(h => Some.Host(h, HostState.Off) with { BootTime = TimeSpan.FromMinutes(3) })],
            [.. Enumerable.Range(0, 8).Select(i => Some.Vm($"v{i}", i % 2 == 0 ? "h1" : "h2", gib: 1))], (_, _) => 100, Run.Start.AddHours(-2))
        {
            Options = new() { PollingInterval = interval, Executor = new() { LookAgain = interval } },
            Through = ports => ports with { Observer = new CountsTwice(ports.Observer) },
        };

        run.For(152, Some.Policies([.. Ready.Rules.Select(r => r with { Trigger = new Trigger.HaveOn(4, new(12, 30), DaysOfWeek.Daily) }), Some.At("spread", new(12, 30), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Cpu, 10))]));

        Assert.Equal(["h1 2", "h2 2", "h3 2", "h4 2"], run.World.Vms.Values.GroupBy(v => v.Host).OrderBy(h => h.Key).Select(h => $"{h.Key} {h.Count()}"));
        Assert.DoesNotContain(run.Store.Journal, e => e.Kind == JournalKind.Refusal);
    }

    /// <summary>A host is measured from the third look on that it is seen on.</summary>
    private sealed class CountsTwice(ISiteObserver observer) : ISiteObserver
    {
        private readonly Dictionary<string, int> _seenOn = [];

        public async Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
        {
            var seen = await observer.ObserveAsync(reads, ct);
            foreach (var host in seen.Site.Hosts) _seenOn[host.Name] = host.State == HostState.On ? _seenOn.GetValueOrDefault(host.Name) + 1 : 0;
            return seen with { Measurements = [.. seen.Measurements.Where(m => m.Subject.Kind != SubjectKind.Host || _seenOn[m.Subject.Name] > 2)] };
        }
    }

    private static Run Site(double boots, double? configured = null, double start = 0, bool spare = false)
    {
        var hosts = new[] { HostState.On, HostState.On, HostState.Off, HostState.Off }.Take(spare ? 4 : 3).Select((state, i) => Some.Host($"h{i + 1}", state) with { BootTime = TimeSpan.FromMinutes(configured ?? boots) });
        var run = new Run(hosts, [], (_, _) => 0, Run.Start.AddMinutes(start));
        run.World.BootTakes = TimeSpan.FromMinutes(boots);
        return run;
    }
}
