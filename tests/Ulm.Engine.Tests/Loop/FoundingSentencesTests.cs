using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>The two sentences the project started with, from the first poll to the last call.</summary>
public class FoundingSentencesTests
{
    [Fact]
    public void A_host_above_75_percent_for_ten_minutes_gives_up_its_heaviest_vm()
    {
        var run = Hot(afterwards: 40).For(30, Some.FirstTwoSentences);

        Assert.Equal(["12:10:00 migrate heavy to h3"], run.Calls);
        Assert.Equal("h3", run.World.Vms["heavy"].Host);
        Assert.Equal(["12:10:00 relieve fires on host/h1: host.cpu = 80% > 75% for 10m"], run.Journal(JournalKind.Decision));
        Assert.Equal(
            ["12:10:00 migrate vm heavy from h1 to h3 (relieve: host.cpu = 80% > 75% for 10m)", "12:10:25 migrate vm heavy from h1 to h3: runs on h3 after 25s"],
            run.Journal(JournalKind.Begun, JournalKind.Ended));
    }

    [Fact]
    public void A_host_that_is_still_hot_after_the_move_gives_up_the_next_after_another_ten_minutes()
    {
        var run = Hot(afterwards: 100).For(30, Some.FirstTwoSentences);

        Assert.Equal(["12:10:00 migrate heavy to h3", "12:21:00 migrate light to h2"], run.Calls);
    }

    [Fact]
    public void A_host_that_was_hot_for_nine_minutes_is_left_alone() =>
        Assert.Empty(new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 8), Some.Vm("b", "h1")], (vm, at) => vm == "a" && at.Minute < 9 ? 90 : 5)
            .For(30, Some.FirstTwoSentences).Calls);

    [Fact]
    public void On_weekdays_at_20_00_the_site_is_consolidated_and_idle_hosts_go_off()
    {
        var run = Evening(Some.Monday).For(60, Some.FirstTwoSentences);

        Assert.Equal(["20:00:00 migrate c to h1", "20:00:00 migrate b to h1", "20:05:25 off h3", "20:05:25 off h2"], run.Calls);
        Assert.Equal([HostState.On, HostState.Off, HostState.Off], run.World.Hosts.Values.Select(h => h.State));
        Assert.All(run.World.Vms.Values, v => Assert.Equal("h1", v.Host));
    }

    [Fact]
    public void On_a_saturday_nothing_is_done() => Assert.Empty(Evening(Some.Monday.AddDays(5)).For(60, Some.FirstTwoSentences).Calls);

    private static Run Evening(DateTimeOffset day) => new(
        [Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1", 8), Some.Vm("b", "h2", 6), Some.Vm("c", "h3", 4)], (_, _) => 20, day.AddHours(19.5));

    /// <param name="afterwards">Per cent that medium uses once heavy is gone.</param>
    private static Run Hot(double afterwards)
    {
        Run? run = null;
        run = new Run(
            [Some.Host("h1"), Some.Host("h2"), Some.Host("h3")],
            [Some.Vm("heavy", "h1", vcpus: 3), Some.Vm("medium", "h1", vcpus: 6), Some.Vm("light", "h1", vcpus: 1), Some.Vm("x", "h2", vcpus: 2)],
            (vm, _) => vm switch
            {
                "medium" => run!.World.Vms["heavy"].Host == "h1" ? 40 : afterwards,
                "x" => 50,
                _ => 100,
            });
        return run;
    }
}
