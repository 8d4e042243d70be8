using Ulm.Dsl.Policies;
using Ulm.Server.Commands;
using Ulm.Server.Testing;

namespace Ulm.Server.Tests.Testing;

public class TestRunTests
{
    private const string Night = "policy night at 20:00 weekdays consolidate and power off idle hosts";

    private static readonly Expected Nothing = new Expected.Nothing();

    [Fact]
    public void The_test_on_the_page_of_the_language_passes_as_it_stands()
    {
        var outcome = Hot()
            .Series("h3", PolicyAttribute.HostCpu, (20, 17), (80, 20))
            .Expect(15, Nothing)
            .Expect(21, Step(ExpectedStep.Migrate, "web1", "h2", "relieve"))
            .Expect(22, new Expected.Pending("relieve", "h3", TimeSpan.FromMinutes(4)))
            .Expect(null, Step(ExpectedStep.PowerOff))
            .Outcome();
        Assert.True(outcome.Passed, Text(outcome));
        Assert.Equal(["relieve"], outcome.Fired);
    }

    [Theory]
    [InlineData(21, true)]
    [InlineData(20, false)]
    [InlineData(22, false)]
    public void What_is_expected_is_expected_at_that_very_minute(int minute, bool passes) =>
        Assert.Equal(passes, Hot().Expect(minute, Step(ExpectedStep.Migrate)).Outcome().Passed);

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("web1", null, null, true)]
    [InlineData("web2", null, null, false)]
    [InlineData(null, "h3", null, true)]
    [InlineData(null, "h2", null, false)]
    [InlineData(null, null, "relieve", true)]
    [InlineData(null, null, "night", false)]
    public void Whatever_a_step_names_has_to_be_so(string? vm, string? host, string? by, bool passes) =>
        Assert.Equal(passes, (Hot() with { Policies = $"{TestScene.Relieve}\n{Night}" }).Expect(21, Step(ExpectedStep.Migrate, vm, host, by)).Outcome().Passed);

    [Fact]
    public void A_failure_shows_the_series_what_was_decided_instead_and_why_the_rule_did_not_fire()
    {
        var outcome = Hot().Expect(20, Step(ExpectedStep.Migrate, "web1", "h2", "relieve")).Outcome();
        Assert.Equal(
            """
            failed: a test  scene.ulm:1:1

              at 20m expect migrate  scene.ulm:4:1
                host h1 cpu, 0m to 25m, 50% to 90%
                  ▁▁▁▁▁▁▁▁▁▁▁███████████████
                                      ^ 90% at 20m
                at 20m: nothing was decided
                relieve is pending on host/h1 for 9m of 10m: host.cpu = 90% > 75%
                relieve is inactive on host/h2: host.cpu = 5% > 75% is false
                relieve is inactive on host/h3: host.cpu = 2.5% > 75% is false

            no tests passed, 1 failed

            """, Text(outcome));
    }

    [Fact]
    public void A_failure_says_at_which_minute_the_thing_happened_instead()
    {
        var failure = Assert.Single(Hot().Expect(20, Step(ExpectedStep.Migrate, "web1", by: "relieve")).Outcome().Failures);
        Assert.Equal("it is to be seen at 21m", failure.Why[0]);
    }

    [Fact]
    public void A_failure_shows_what_was_decided_instead()
    {
        var failure = Assert.Single(Hot().Expect(21, Nothing).Outcome().Failures);
        Assert.Equal(["relieve fires on host/h1: host.cpu = 90% > 75% for 10m", "migrate vm web1 from h1 to h3 by relieve"], failure.Instead);
    }

    [Fact]
    public void Never_looks_at_every_minute_and_tells_the_first()
    {
        var failure = Assert.Single(Hot().Expect(null, Step(ExpectedStep.Migrate)).Outcome().Failures);
        Assert.Equal(21, failure.Minute);
        failure = Assert.Single(Hot().Expect(null, new Expected.Pending("relieve", "h1", TimeSpan.FromMinutes(5))).Outcome().Failures);
        Assert.Equal(16, failure.Minute);
        Assert.True(Hot().Expect(null, new Expected.Pending("relieve", "h1", TimeSpan.FromMinutes(11))).Outcome().Passed);
    }

    [Fact]
    public void Never_waits_for_what_the_last_values_bring()
    {
        var failure = Assert.Single(new TestScene(TestScene.Relieve).Series("h1", PolicyAttribute.HostCpu, (50, 5), (90, 1)).Expect(null, Step(ExpectedStep.Migrate)).Outcome().Failures);
        Assert.Equal(16, failure.Minute);
        failure = Assert.Single(new TestScene(TestScene.Relieve).Series("h1", PolicyAttribute.HostCpu, (90, 1)).Expect(null, Step(ExpectedStep.Migrate)).Outcome().Failures);
        Assert.Equal(10, failure.Minute);
        failure = Assert.Single(new TestScene("policy gone when host.vms = 0 for 20m then notify \"x\"").Event(3, SubjectEvent.VmStops, "app1").Expect(null, new Expected.Fires("gone", "h2")).Outcome().Failures);
        Assert.Equal(23, failure.Minute);
        var mean = new TestScene("policy mean when avg(host.cpu, 20m) > 60% then notify \"x\"").Series("h1", PolicyAttribute.HostCpu, (50, 20), (80, 1));
        Assert.Equal(27, Assert.Single(mean.Expect(null, new Expected.Fires("mean", "h1")).Outcome().Failures).Minute);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void But_no_longer(int values, bool passes)
    {
        var scene = new TestScene($"{TestScene.Relieve}\n{Night}") { Start = new DateTime(2026, 1, 5, 19, 40, 0) };
        Assert.Equal(passes, scene.Series("h1", PolicyAttribute.HostCpu, (50, values)).Expect(null, Step(ExpectedStep.Migrate)).Outcome().Passed);
    }

    [Fact]
    public void A_missed_poll_breaks_no_hold_and_three_of_them_do()
    {
        Assert.True(Gap(2).Expect(15, new Expected.Fires("relieve", "h1")).Outcome().Passed);
        var outcome = Gap(5).Expect(15, new Expected.Fires("relieve", "h1")).Outcome();
        Assert.False(outcome.Passed);

        static TestScene Gap(int polls) => new TestScene(TestScene.Relieve).Series("h1", PolicyAttribute.HostCpu, (10, 4), (90, 4), (null, polls), (90, 9));
    }

    [Fact]
    public void A_schedule_comes_due_when_its_time_has_come()
    {
        var night = new TestScene(Night) { Start = new DateTime(2026, 1, 5, 19, 30, 0) };
        Assert.True(night.Expect(29, Nothing).Expect(30, new Expected.Fires("night", null)).Expect(30, Step(ExpectedStep.Migrate)).Outcome().Passed);
        var failure = Assert.Single(new TestScene(Night) { Start = new DateTime(2026, 1, 5, 19, 29, 0) }.Expect(30, new Expected.Fires("night", null)).Outcome().Failures);
        Assert.Equal(["it is to be seen at 31m", "night is due next at 2026-01-05 20:00, 1m later"], failure.Why);
    }

    [Fact]
    public void What_is_refused_can_be_expected_by_rule_and_code()
    {
        // Both others are full.
        var full = Hot().Series("h2", PolicyAttribute.HostCpu, (74, 1)).Series("h3", PolicyAttribute.HostCpu, (74, 1));
        var outcome = full.Expect(21, new Expected.Refused("relieve", "ULM6201")).Expect(21, new Expected.Refused(null, null)).Expect(null, Step(ExpectedStep.Migrate)).Outcome();
        Assert.True(outcome.Passed, Text(outcome));
        Assert.False(full.Expect(21, new Expected.Refused("relieve", "ULM6203")).Outcome().Passed);
    }

    [Fact]
    public void A_host_that_fails_is_not_migrated_to_and_one_that_returns_is_again()
    {
        var scene = Hot().Event(5, SubjectEvent.HostFails, "h3");
        Assert.True(scene.Expect(21, Step(ExpectedStep.Migrate, "web1", "h2")).Outcome().Passed);
        Assert.True(Hot().Event(5, SubjectEvent.HostFails, "h3").Event(19, SubjectEvent.HostReturns, "h3").Expect(21, Step(ExpectedStep.Migrate, "web1", "h3")).Outcome().Passed);
    }

    [Fact]
    public void A_vm_that_stops_takes_its_load_with_it_and_one_that_starts_was_not_there_before()
    {
        var policies = "policy hot when host.cpu > 60% then evacuate heaviest fitting vm";
        Assert.True(new TestScene(policies).Expect(1, new Expected.Fires("hot", "h1")).Outcome().Passed);
        Assert.True(new TestScene(policies).Event(0, SubjectEvent.VmStops, "web1").Expect(1, Nothing).Expect(9, Nothing).Outcome().Passed);
        Assert.True(new TestScene(policies).Event(5, SubjectEvent.VmStarts, "web1").Expect(4, Nothing).Expect(5, new Expected.Fires("hot", "h1")).Outcome().Passed);
    }

    [Fact]
    public void Rules_that_fire_in_no_test_are_listed()
    {
        var results = (Hot() with { Policies = $"{TestScene.Relieve}\n{Night}" }).Expect(21, Step(ExpectedStep.Migrate)).Results();
        Assert.Equal(["night"], results.NotExercised.Select(r => r.Name));
        Assert.Equal(0, results.Failed);
    }

    [Theory]
    [InlineData("missing.site.json", "ULM1950", "there is no such file")]
    [InlineData("office-day.tsv", "ULM1950", "it is not JSON")]
    public void A_site_that_can_t_be_read_is_told_where_it_is_named(string file, string code, string message)
    {
        var fault = Assert.Single((Hot() with { SiteFile = file }).Results().Faults).Fault;
        Assert.Equal((code, 2, 1), (fault.Code, fault.Line, fault.Column));
        Assert.Contains(message, fault.Message);
    }

    [Fact]
    public void What_the_site_does_not_have_is_told_with_the_nearest_name()
    {
        var results = Hot().Series("h9", PolicyAttribute.HostCpu, (1, 1)).Event(1, SubjectEvent.VmStops, "web9").Expect(2, Step(ExpectedStep.Migrate, "web9", "h9"))
            .Expect(3, new Expected.Fires("relieve", "h9")).Expect(4, new Expected.Pending("relieve", "web1", null)).Results();
        Assert.All(results.Faults, f => Assert.Equal("ULM1951", f.Fault.Code));
        Assert.Equal(6, results.Faults.Length);
        Assert.Contains("the site of this test, three-hosts.site.json, has no host `h9`", results.Faults[0].Fault.Message);
        Assert.Equal("did you mean `web1`?", results.Faults[1].Fault.Help);
        Assert.Empty(results.Outcomes);
    }

    [Fact]
    public void An_event_that_can_t_happen_is_refused() =>
        Assert.Equal("ULM1952", Assert.Single(Hot().Event(1, SubjectEvent.VmStops, "web1").Event(2, SubjectEvent.VmStops, "web1").Results().Faults).Fault.Code);

    [Fact]
    public void The_same_tests_give_the_same_results()
    {
        string Run() => Text(Hot().Expect(20, Step(ExpectedStep.Migrate, by: "relieve")).Expect(5, Step(ExpectedStep.PowerOn)).Expect(null, new Expected.Fires("relieve", null)).Outcome());
        var first = Run();
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(first, Run()));
    }

    private static TestScene Hot() => new TestScene(TestScene.Relieve).Series("h1", PolicyAttribute.HostCpu, (50, 10), (90, 20), (null, 2), (40, 1));

    private static Expected.Step Step(ExpectedStep kind, string? vm = null, string? host = null, string? by = null) => new(kind, vm, host, by);

    private static string Text(TestOutcome outcome)
    {
        var output = new StringWriter();
        TestText.Print(new TestResults([outcome], [], [], 1), new Terminal(output, output, Colour: false));
        return output.ToString().Replace(Path.Combine(AppContext.BaseDirectory, "Data") + "/", "");
    }
}
