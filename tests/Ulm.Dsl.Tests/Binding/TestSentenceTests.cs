using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class TestSentenceTests
{
    private const string Rules = "policy relieve-overload when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n";

    private static PolicyTest One(string text)
    {
        var result = Compiled.Text(text);
        Assert.Empty(result.Diagnostics);
        return Assert.Single(result.Policies.Tests);
    }

    private static PolicyTest Items(params string[] items) => One($"{Rules}test \"x\" {{\nsite \"a.json\"\n{string.Join('\n', items)}\n}}");

    private static string[] Codes(params string[] items) => Compiled.Codes($"{Rules}test \"x\" {{\nsite \"a.json\"\n{string.Join('\n', items)}\n}}");

    [Fact]
    public void The_manuals_example()
    {
        var test = One(Rules + """
            test "an overloaded host sheds its heaviest vm" {
              site "three-hosts.site.json"
              host h1 cpu: 50% x 10, 90% x 20, _ x 2, 40%        # one value a minute; _ is a missed poll
              at 15m expect nothing
              at 21m expect migrate vm web1 to host h2 by relieve-overload
              at 22m expect pending relieve-overload on h3 for 4m
              never expect power off
            }
            """);
        Assert.Equal(("an overloaded host sheds its heaviest vm", "three-hosts.site.json", null), (test.Name, test.Site, test.Start));
        Assert.Equal("test.ulm:2:1", test.Location.ToString());
        var series = Assert.Single(test.Series);
        Assert.Equal(("h1", PolicyAttribute.HostCpu), (series.Subject, series.Attribute));
        Assert.Equal([.. Enumerable.Repeat<double?>(50, 10), .. Enumerable.Repeat<double?>(90, 20), null, null, 40], series.Values);
        Assert.Equal("host h1 cpu: 50% x 10, 90% x 20, _ x 2, 40%", series.Text);
        Assert.Equal("test.ulm:4:3", series.Location.ToString());
        Assert.Empty(test.Events);
        Assert.Equal(
        [
            (TimeSpan.FromMinutes(15), new Expected.Nothing()),
            (TimeSpan.FromMinutes(21), new Expected.Step(ExpectedStep.Migrate, "web1", "h2", "relieve-overload")),
            (TimeSpan.FromMinutes(22), new Expected.Pending("relieve-overload", "h3", TimeSpan.FromMinutes(4))),
            ((TimeSpan?)null, (Expected)new Expected.Step(ExpectedStep.PowerOff, null, null, null)),
        ], test.Expectations.Select(e => (e.At, e.What)));
        Assert.Equal("at 21m expect migrate vm web1 to host h2 by relieve-overload", test.Expectations[1].Text);
    }

    public static TheoryData<string, Expected> Expectations => new()
    {
        { "nothing", new Expected.Nothing() },
        { "migrate", new Expected.Step(ExpectedStep.Migrate, null, null, null) },
        { "migrate vm web1", new Expected.Step(ExpectedStep.Migrate, "web1", null, null) },
        { "migrate to host h2", new Expected.Step(ExpectedStep.Migrate, null, "h2", null) },
        { "migrate by relieve-overload", new Expected.Step(ExpectedStep.Migrate, null, null, "relieve-overload") },
        { "power off", new Expected.Step(ExpectedStep.PowerOff, null, null, null) },
        { "power off host \"h 1\"", new Expected.Step(ExpectedStep.PowerOff, null, "h 1", null) },
        { "power on host h1 by relieve-overload", new Expected.Step(ExpectedStep.PowerOn, null, "h1", "relieve-overload") },
        { "suspend host h1", new Expected.Step(ExpectedStep.Suspend, null, "h1", null) },
        { "drain", new Expected.Step(ExpectedStep.Drain, null, null, null) },
        { "notify by relieve-overload", new Expected.Step(ExpectedStep.Notify, null, null, "relieve-overload") },
        { "run hook", new Expected.Step(ExpectedStep.RunHook, null, null, null) },
        { "pending relieve-overload on host h1", new Expected.Pending("relieve-overload", "h1", null) },
        { "pending relieve-overload on web for 10m", new Expected.Pending("relieve-overload", "web", TimeSpan.FromMinutes(10)) },
        { "relieve-overload fires", new Expected.Fires("relieve-overload", null) },
        { "relieve-overload fires on host h1", new Expected.Fires("relieve-overload", "h1") },
        { "relieve-overload fires on cluster web", new Expected.Fires("relieve-overload", "web") },
        { "refused", new Expected.Refused(null, null) },
        { "refused relieve-overload", new Expected.Refused("relieve-overload", null) },
        { "refused ULM6203", new Expected.Refused(null, "ULM6203") },
        { "refused relieve-overload ULM6203", new Expected.Refused("relieve-overload", "ULM6203") },
    };

    [Theory]
    [MemberData(nameof(Expectations))]
    public void An_expectation(string text, Expected expected)
    {
        var expectation = Assert.Single(Items($"at 1h30m expect {text}").Expectations);
        Assert.Equal((TimeSpan.FromMinutes(90), expected, $"at 1h30m expect {text}"), (expectation.At, expectation.What, expectation.Text));
        if (expected is not Expected.Nothing)
            Assert.Equal((null, expected), (Items($"never expect {text}").Expectations[0].At, Items($"never expect {text}").Expectations[0].What));
    }

    [Fact]
    public void All_of_them_stand_behind_one_another() =>
        Assert.Equal(Expectations.Select(e => e.Data.Item2), Items([.. Expectations.Select(e => $"at 5m expect {e.Data.Item1}")]).Expectations.Select(e => e.What));

    [Theory]
    [InlineData("host h1 cpu: 50%", "host.cpu", 50)]
    [InlineData("host h1 memory.free: 4GiB", "host.memory.free", 4294967296)]
    [InlineData("host h1 load: 1.5", "host.load", 1.5)]
    [InlineData("host h1 uptime: 1h30m", "host.uptime", 5400)]
    [InlineData("vm web1 memory: 512MiB", "vm.memory", 536870912)]
    [InlineData("vm \"a b\" cpu: 0%", "vm.cpu", 0)]
    [InlineData("host h1 munin[\"sensors_fan.fan1\"]: 4200", "host.munin[\"sensors_fan.fan1\"]", 4200)]
    [InlineData("vm h1 munin[\"a.b\"]: -3", "vm.munin[\"a.b\"]", -3)]
    [InlineData("host host cpu: 1%", "host.cpu", 1)]
    [InlineData("host at cpu: 1%", "host.cpu", 1)]
    public void A_series(string text, string attribute, double value)
    {
        var series = Assert.Single(Items(text, "at 1m expect nothing").Series);
        Assert.Equal((attribute, text), (series.Attribute.Name, series.Text));
        Assert.Equal([value], series.Values);
    }

    [Fact]
    public void Events_and_a_start()
    {
        var test = Items("start 2026-01-05 19:30", "at 5m host h3 fails", "at 0m vm v1 stops", "at 10m expect nothing", "at 12m host h3 returns", "at 13m vm v1 starts");
        Assert.Equal(new DateTime(2026, 1, 5, 19, 30, 0), test.Start);
        Assert.Equal(
            [(5, SubjectEvent.HostFails, "h3"), (0, SubjectEvent.VmStops, "v1"), (12, SubjectEvent.HostReturns, "h3"), (13, SubjectEvent.VmStarts, "v1")],
            test.Events.Select(e => (e.At.TotalMinutes, e.Event, e.Subject)));
        Assert.Equal("at 5m host h3 fails", test.Events[0].Text);
    }

    [Fact]
    public void A_rule_without_a_name_is_named_by_its_file_and_line()
    {
        Assert.Empty(Compiled.Codes("when host.cpu > 75% then balance\ntest \"x\" { site \"a\" at 5m expect \"test.ulm:1\" fires }"));
        Assert.Equal(["ULM1402"], Compiled.Codes("when host.cpu > 75% then balance\ntest \"x\" { site \"a\" at 5m expect \"test.ulm:2\" fires }"));
    }

    [Fact]
    public void A_rule_of_another_file_is_known_whichever_comes_first()
    {
        var result = PolicyCompiler.Compile([new("a.ulm", "test \"x\" { site \"a\" at 5m expect nightly fires }"), new("b.ulm", "policy nightly every 1h balance")]);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void A_rule_with_a_fault_is_not_called_unknown_as_well() =>
        Assert.DoesNotContain("ULM1402", Compiled.Codes("policy a when host.cpu > 75 then balance policy b when > 5% then balance test \"x\" { site \"a\" at 5m expect a fires at 5m expect b fires }"));

    [Theory]
    [InlineData("at 5m expect migrate by relieve-overlaod", "ULM1402", "did you mean `relieve-overload`?")]
    [InlineData("at 5m expect relieve fires", "ULM1402", null)]
    [InlineData("at 5m expect pending nobody on h1", "ULM1402", null)]
    [InlineData("at 5m expect refused relieve_overload", "ULM1402", "did you mean `relieve-overload`?")]
    [InlineData("never expect nothing", "ULM1406", null)]
    [InlineData("at 5m expect refused ULM6203 ULM6204", "ULM1407", null)]
    [InlineData("at 5m expect refused relieve-overload relieve-overload", "ULM1407", null)]
    [InlineData("at 90s expect nothing", "ULM1409", null)]
    [InlineData("at -5m expect nothing", "ULM1409", null)]
    [InlineData("at 5 expect nothing", "ULM1103", "write `5s`, `5m` or `5h`")]
    [InlineData("at 20:00 expect nothing", "ULM1109", null)]
    [InlineData("at 31d expect nothing", "ULM2003", null)]
    [InlineData("at 5m expect pending relieve-overload on h1 for 0m", "ULM2002", null)]
    [InlineData("at 5m expect power off host \"\"", "ULM1007", null)]
    [InlineData("at 5m host \"\" fails", "ULM1007", null)]
    public void An_expectation_with_a_fault(string item, string code, string? help)
    {
        var diagnostic = Assert.Single(Compiled.Text($"{Rules}test \"x\" {{\nsite \"a.json\"\n{item}\nat 1m expect nothing\n}}").Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }

    [Theory]
    [InlineData("host h1 cup: 5%", "ULM1403", "did you mean `cpu`?")]
    [InlineData("host h1 host.cpu: 5%", "ULM1403", "did you mean `cpu`?")]
    [InlineData("host h1 memroy.free: 5GiB", "ULM1403", "did you mean `memory.free`?")]
    [InlineData("host h1 mumin[\"a.b\"]: 5", "ULM1403", "did you mean `munin`?")]
    [InlineData("vm v1 swap: 5%", "ULM1403", null)]
    [InlineData("host h1 munin[\"\"]: 5", "ULM1007", null)]
    [InlineData("host h1 vms: 5", "ULM1404", null)]
    [InlineData("host h1 memory.total: 5GiB", "ULM1404", null)]
    [InlineData("host h1 cpu: 5", "ULM1103", "write `5%`")]
    [InlineData("host h1 cpu: 5GiB", "ULM1109", null)]
    [InlineData("host h1 cpu: 101%", "ULM1104", null)]
    [InlineData("host h1 load: -1", "ULM1411", null)]
    [InlineData("host h1 load: 1 x 0", "ULM1108", null)]
    [InlineData("host h1 load: 1 x 10m", "ULM1109", null)]
    [InlineData("host h1 load: 1 x 10081", "ULM1410", null)]
    [InlineData("host h1 load: 1\nhost h1 load: 2", "ULM1405", null)]
    public void A_series_with_a_fault(string item, string code, string? help)
    {
        var diagnostic = Assert.Single(Compiled.Text($"{Rules}test \"x\" {{\nsite \"a.json\"\n{item}\nat 1m expect nothing\n}}").Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }

    [Fact]
    public void What_may_stand_once_is_told_when_it_stands_twice()
    {
        Assert.Equal(["ULM1401"], Compiled.Codes("test \"x\" { site \"a\" at 5m expect nothing } test \"x\" { site \"b\" at 5m expect nothing }"));
        Assert.Equal(["ULM1408"], Codes("host h1 cpu: 5%"));
        Assert.Empty(Codes("host h1 cpu: 5%", "vm h1 cpu: 5%", "host h2 cpu: 5%", "host h1 load: 2", "at 5m expect nothing"));
    }

    [Fact]
    public void Tests_together_cannot_ask_for_more_values_than_there_is_memory_for()
    {
        var tests = string.Concat(Enumerable.Range(0, 200).Select(i => $"test \"{i}\" {{ site \"a\" host h cpu: 1% x 10080 at 5m expect nothing }}\n"));
        Assert.Contains("ULM1410", Compiled.Codes(tests));
    }

    // Words that begin sentences elsewhere, in all places where names stand.
    [Theory]
    [InlineData("at 5m expect policy fires\nat 6m expect nothing")]
    [InlineData("at 5m expect when fires on host every\nat 6m expect nothing")]
    [InlineData("at 5m expect pending timezone on host keep for 5m\nnever expect power off")]
    [InlineData("at 5m expect migrate vm at to host never by policy\nat 6m expect nothing")]
    [InlineData("at 5m expect refused when\nat 6m expect refused reserve ULM6203")]
    [InlineData("at 5m host always fails\nat 7m vm test stops\nat 9m expect nothing")]
    [InlineData("at 5m expect power on\nat 5m expect drain host hosts")]
    public void A_test_is_one_sentence_whatever_names_it_holds(string items)
    {
        var rules = string.Concat(new[] { "policy", "when", "timezone", "reserve" }.Select(n => $"policy \"{n}\" every 1h balance\n"));
        var result = Compiled.Text($"{rules}test \"x\" {{ site \"a\"\n{items}\n}}\nreserve 1 host");
        Assert.Empty(result.Diagnostics);
        Assert.Single(result.Policies.Tests);
        Assert.Single(result.Policies.Constraints);
    }

    [Theory]
    [InlineData("policy a when host.cpu > 5 then balance")]
    [InlineData("when host.cpu > 5 then balance")]
    [InlineData("at 20:00 power on 5% hosts")]
    [InlineData("every 5 balance")]
    [InlineData("never migrate vm \"\"")]
    [InlineData("keep apart vm \"\"")]
    [InlineData("let a = host.cpu > 5")]
    [InlineData("limit migrations to 0 per host")]
    [InlineData("test \"y\" { site \"a\" at 5 expect nothing }")]
    public void A_missing_brace_swallows_nothing_that_follows(string next)
    {
        var alone = Compiled.Codes(next).Where(c => c != "ULM4001").ToList();
        var codes = Compiled.Codes($"{Rules}test \"x\" {{\n  site \"a\"\n  at 5m expect nothing\n  never expect power off\n\n{next}");
        Assert.Equal(alone.Prepend("ULM0110"), codes.Where(c => c != "ULM4001"));
    }

    [Fact]
    public void The_open_brace_is_shown_beside_the_place_of_the_missing_one()
    {
        const string Text = "test \"x\" {\n  site \"a\"\n  at 5m expect nothing\nreserve 1 host";
        var diagnostic = Compiled.Single(Text);
        Assert.Equal(("ULM0110", "nothing", 1), (diagnostic.Code, Compiled.Underlined(Text, diagnostic), Assert.Single(diagnostic.Labels).Line));
    }

    [Fact]
    public void A_fault_in_one_line_of_a_test_hides_none_of_another()
    {
        const string Text = Rules + """
            test "x" {
              site "a"
              host h1 cpu: 50% x 10, 90% y 20
              host h2 cpu 50%
              host h3 cpu: 5
              at 5m expect noting
              at 5m expects nothing
              at 6m host h1 explodes
              at 7m expect migrate vm web1 on host h2
              at 8 expect nothing
              never power off
              at 9m expect refused nobody
            }
            reserve 1 host
            """;
        var found = Compiled.Text(Text).Diagnostics.Select(d => (d.Code, Compiled.Underlined(Text, d)));
        Assert.Equal(
        [
            ("ULM0107", "y"), ("ULM0101", "50%"), ("ULM1103", "5"), ("ULM0105", "noting"), ("ULM0105", "expects"), ("ULM0107", "explodes"),
            ("ULM0101", "on"), ("ULM1103", "8"), ("ULM0101", "power"), ("ULM1402", "nobody"),
        ], found);
        Assert.Empty(Compiled.Text(Text).Policies.Tests);
        Assert.Single(Compiled.Text(Text).Policies.Constraints);
    }

    [Theory]
    [InlineData("test \"x\" {\n at 5m expect nothing\n at 6m expect nothing\n}", "ULM0101", "at")]
    [InlineData("test \"x\"\n site \"a\"\n at 5m expect nothing\n}", "ULM0101", "site")]
    [InlineData("test x { site \"a\" at 5m expect nothing }", "ULM0101", "x")]
    [InlineData("test \"x\" { site \"a\" at 5m expect nothing } }", "ULM0101", "}")]
    [InlineData("test \"x\" { sit \"a\" at 5m expect nothing }", "ULM0105", "sit")]
    [InlineData("test \"x\" { site \"a\" at 5m expect migrat vm a }", "ULM0105", "migrat")]
    [InlineData("tset \"x\" { site \"a\" at 5m expect nothing }", "ULM0105", "tset")]
    public void The_smallest_place_is_underlined(string text, string code, string underlined)
    {
        var diagnostic = Compiled.Text(text).Diagnostics[0];
        Assert.Equal((code, underlined), (diagnostic.Code, Compiled.Underlined(text, diagnostic)));
    }

    [Fact]
    public void A_long_series_written_out_is_no_sentence_too_long()
    {
        var values = string.Join(", ", Enumerable.Range(0, 3000).Select(i => $"{i % 100}%"));
        Assert.Equal(3000, Items($"host h1 cpu: {values}", "at 5m expect nothing").Series[0].Values.Length);
    }
}
