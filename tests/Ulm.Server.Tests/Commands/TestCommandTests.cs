using System.Xml.Linq;

namespace Ulm.Server.Tests.Commands;

public sealed class TestCommandTests : IDisposable
{
    private const string Policy = """
        policy relieve-overload
        when host.cpu > 75% for 10m then evacuate heaviest fitting vm

        """;

    private const string Passing = """
        test "an overloaded host sheds its heaviest vm" {
          site "three-hosts.site.json"
          host h1 cpu: 50% x 10, 90% x 20, _ x 2, 40%        # one value a minute; _ is a missed poll
          host h3 cpu: 20% x 17, 80%
          at 15m expect nothing
          at 21m expect migrate vm web1 to host h2 by relieve-overload
          at 22m expect pending relieve-overload on h3 for 4m
          never expect power off
        }

        """;

    private const string Failing = """
        test "too early" {
          site "three-hosts.site.json"
          host h1 cpu: 50% x 10, 90% x 15, 40%
          at 20m expect migrate by relieve-overload
        }

        """;

    private const string Faulty = """
        test "nowhere" {
          site "nowhere.site.json"
          at 1m expect nothing
        }

        """;

    private readonly Cli _cli = new();

    public TestCommandTests() => _cli.Write("three-hosts.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")));

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData(Policy + Passing, 0, "1 test passed, 0 failed")]
    [InlineData(Policy + Passing + Failing, 2, "1 test passed, 1 failed")]
    [InlineData(Policy + Passing + Failing + Faulty, 3, "1 test passed, 1 failed, 1 fault in tests that were not run")]
    [InlineData(Policy + Faulty, 3, "no tests passed, 0 failed, 1 fault in tests that were not run")]
    public async Task The_exit_code_tells_how_it_went(string text, int exit, string summary)
    {
        var result = await _cli.RunAsync("test", _cli.Write("a.ulm", text));
        Assert.Equal((exit, summary), (result.Exit, result.Out.TrimEnd('\n').Split('\n')[^1]));
    }

    [Fact]
    public async Task A_fault_is_shown_with_its_place()
    {
        var result = await _cli.RunAsync("test", _cli.Write("a.ulm", Policy + Faulty));
        Assert.Equal(
            """
            error[ULM1950]: the site of this test, nowhere.site.json: there is no such file
             --> a.ulm:4:9
              |
            4 |   site "nowhere.site.json"
              |         ^^^^^^^^^^^^^^^^^
              = help: the path counts from the folder of the policy file

            """, result.Error.TrimEnd('\n') + "\n");
    }

    [Fact]
    public async Task Policies_with_errors_are_not_tested()
    {
        var result = await _cli.RunAsync("test", _cli.Write("a.ulm", "when host.cpuu > 1 then consolidate\n" + Passing));
        Assert.Equal(3, result.Exit);
        Assert.Equal("", result.Out);
    }

    [Fact]
    public async Task Files_without_a_test_have_not_been_tested()
    {
        var result = await _cli.RunAsync("test", _cli.Write("a.ulm", Policy));
        Assert.Equal(1, result.Exit);
        Assert.EndsWith("ulm-server: there is no `test` sentence in these files: nothing was tested\n", result.Error);
    }

    [Fact]
    public async Task Rules_that_no_test_exercises_are_listed_and_can_be_refused()
    {
        var file = _cli.Write("a.ulm", Policy + "policy night at 20:00 consolidate\n" + Passing);
        var result = await _cli.RunAsync("test", file);
        Assert.Equal(0, result.Exit);
        Assert.Contains("1 rule of 2 that no test exercises:\n  night  a.ulm:3:1\n", result.Out);
        Assert.Equal(2, (await _cli.RunAsync("test", file, "--coverage-required")).Exit);
        Assert.Equal(0, (await _cli.RunAsync("test", _cli.Write("b.ulm", Policy + Passing), "--coverage-required")).Exit);
    }

    [Fact]
    public async Task All_files_are_in_force_together_unless_each_is_to_stand_alone()
    {
        // Alone, the first file's test sees one rule; together with the second, which does the same at once, it does not.
        _cli.Write("set/three-hosts.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")));
        _cli.Write("set/a.ulm", Policy + Passing);
        _cli.Write("set/b.ulm", "policy at-once when host.cpu > 75% then evacuate lightest fitting vm\n");
        Assert.Equal(2, (await _cli.RunAsync("test", _cli.In("set"))).Exit);
        var each = await _cli.RunAsync("test", _cli.In("set"), "--each");
        Assert.Equal(0, each.Exit);
        Assert.Contains("at-once  set/b.ulm:1:1", each.Out);
    }

    [Fact]
    public async Task Json_has_every_test_with_its_failures()
    {
        var json = (await _cli.RunAsync("test", _cli.Write("a.ulm", Policy + Passing + Failing + Faulty), "--format", "json")).Json;
        Assert.Equal("ulm.test/1", json.GetProperty("schema").GetString());
        Assert.Equal((1, 1), (json.GetProperty("passed").GetInt32(), json.GetProperty("failed").GetInt32()));
        var failure = json.GetProperty("tests")[1].GetProperty("failures")[0];
        Assert.Equal("at 20m expect migrate by relieve-overload", failure.GetProperty("expected").GetString());
        Assert.Equal("it is to be seen at 21m", failure.GetProperty("why")[0].GetString());
        Assert.Equal("90%", failure.GetProperty("series")[0].GetProperty("value").GetString());
        Assert.Equal("ULM1950", json.GetProperty("faults")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Junit_counts_tests_failures_and_errors()
    {
        var report = XDocument.Parse((await _cli.RunAsync("test", _cli.Write("a.ulm", Policy + Passing + Failing + Faulty), "--format", "junit")).Out).Root!;
        Assert.Equal(("3", "1", "1"), (report.Attribute("tests")!.Value, report.Attribute("failures")!.Value, report.Attribute("errors")!.Value));
        Assert.Equal(["an overloaded host sheds its heaviest vm", "too early", "nowhere"], report.Descendants("testcase").Select(t => t.Attribute("name")!.Value));
        Assert.Single(report.Elements("testsuite"));
        Assert.Contains("it is to be seen at 21m", Assert.Single(report.Descendants("failure")).Value);
        Assert.Contains("ULM1950", Assert.Single(report.Descendants("error")).Value);
    }

    [Fact]
    public async Task Times_are_those_of_the_policies_zone()
    {
        const string Night = "policy night at 20:00 consolidate\ntest \"night\" { site \"three-hosts.site.json\" start 2026-07-01 19:30 at 29m expect nothing at 30m expect night fires }\n";
        Assert.Equal(0, (await _cli.RunAsync("test", _cli.Write("a.ulm", Night))).Exit);
        Assert.Equal(0, (await _cli.RunAsync("test", _cli.Write("b.ulm", "timezone \"America/New_York\"\n" + Night))).Exit);
        Assert.Equal(0, (await _cli.RunAsync("test", _cli.Write("a.ulm", Night), "--timezone", "Asia/Kathmandu")).Exit);
    }

    [Fact]
    public async Task Munin_fields_and_events_can_be_tested()
    {
        const string Text = """
            policy hot when host.munin["sensors_temp.cpu"] > 80 for 2m then evacuate heaviest fitting vm
            test "a hot host is relieved" {
              site "three-hosts.site.json"
              host h2 munin["sensors_temp.cpu"]: 60 x 3, 85
              at 2m host h3 fails
              at 5m expect nothing
              at 6m expect hot fires on host h2
              never expect migrate to host h3
            }
            """;
        var result = await _cli.RunAsync("test", _cli.Write("a.ulm", Text));
        Assert.Equal((0, ""), (result.Exit, result.Error));
    }
}
