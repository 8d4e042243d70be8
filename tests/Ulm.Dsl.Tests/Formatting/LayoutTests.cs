using Ulm.Dsl.Formatting;

namespace Ulm.Dsl.Tests.Formatting;

public class LayoutTests
{
    public static TheoryData<string> SampleNames => [.. Samples().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void What_comes_with_the_server_is_canonical_already(string name)
    {
        var sample = Samples().Single(s => s.Name == name);
        Assert.Equal(sample.Text, Formatted.Text(sample.Text));
    }

    [Theory]
    [InlineData("when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n")]
    [InlineData("at 20:00 weekdays consolidate and power off idle hosts\n")]
    [InlineData("at 20:00, 22:00 monday, friday then balance by memory to within 10% cooldown 1h\n")]
    [InlineData("let busy = (host.cpu > 75% or host.load > 4) and not (host.memory < 10%)\n")]
    [InlineData("never migrate vm tagged \"a \\\"b\\\" # c\"\n")]
    [InlineData("timezone \"Europe/Copenhagen\"\n\nalways keep 1 host on in cluster web\nalways keep 2 hosts on\n")]
    [InlineData("when avg(host.cpu, 15m) > 75% and host.munin[\"a.b\"] > 5 and any host (is idle) then balance\n")]
    [InlineData("when count of hosts (host.cpu > 75% and tagged \"x\") >= 2 for 10m in cluster web then balance\n")]
    [InlineData("at 20:00 first monday of month, 2026-12-24 except holidays during 07:00-20:00 consolidate\n")]
    [InlineData("hosts edge = named \"edge-*\" and tagged \"ssd\"\n")]
    [InlineData("calendar holidays = 2026-12-24 to 2026-12-26, 2027-01-01\n")]
    [InlineData("calendar closures = file \"closures.ics\"\n")]
    [InlineData("have 3 hosts on by 07:00 weekdays priority 5 because \"people come\"\n")]
    public void A_sentence_that_fits_stays_on_its_line(string text) => Assert.Equal(text, Formatted.Text(text));

    [Theory]
    [InlineData("when host.cpu>75%\n  for  10m\tthen\nbalance", "when host.cpu > 75% for 10m then balance\n")]
    [InlineData("let a=( host.cpu>75% )", "let a = (host.cpu > 75%)\n")]
    [InlineData("at 20:00 ,21:00 saturday ,sunday consolidate", "at 20:00, 21:00 saturday, sunday consolidate\n")]
    [InlineData("at 20:00 consolidate at 21:00 balance", "at 20:00 consolidate\nat 21:00 balance\n")]
    [InlineData("when avg ( host.cpu ,15m )>75% and host.munin [ \"a.b\" ]>5 and any host(is idle) then balance",
        "when avg(host.cpu, 15m) > 75% and host.munin[\"a.b\"] > 5 and any host (is idle) then balance\n")]
    [InlineData("\n\n\nat 20:00 balance\n\n\n\nat 21:00 balance\n\n\n", "at 20:00 balance\n\nat 21:00 balance\n")]
    [InlineData("at 20:00 balance\r\n\r\nat 21:00 balance\rat 22:00 balance\r\n", "at 20:00 balance\n\nat 21:00 balance\nat 22:00 balance\n")]
    [InlineData("\uFEFFat 20:00 balance\n", "at 20:00 balance\n")]
    [InlineData("when host.memory > 90.0% for 60m then balance", "when host.memory > 90.0% for 60m then balance\n")]
    [InlineData("", "")]
    [InlineData("\uFEFF", "")]
    [InlineData(" \n\t\r\n", "")]
    public void Blanks_are_put_right(string text, string expected) => Assert.Equal(expected, Formatted.Text(text));

    [Fact]
    public void A_rule_with_a_name_has_a_line_for_each_clause() => Assert.Equal(
        """
        policy relieve
          when host.cpu > 75% for 10m
          then evacuate heaviest fitting vm
          until host.cpu < 60%
          cooldown 15m

        policy night
          at 20:00 weekdays
          consolidate and power off idle hosts

        """,
        Formatted.Text(
            "policy relieve when host.cpu > 75% for 10m then evacuate heaviest fitting vm until host.cpu < 60% cooldown 15m\n" +
            "policy night at 20:00 weekdays consolidate and power off idle hosts"));

    [Fact]
    public void A_bare_rule_that_is_too_long_has_them_too() => Assert.Equal(
        """
        at 19:00 balance

        when host.cpu > 75% and host.memory > 60% for 10m
          then evacuate heaviest fitting vm by cpu
          until host.cpu < 60%
          cooldown 15m

        at 20:00 consolidate

        """,
        Formatted.Text(
            "at 19:00 balance\n" +
            "when host.cpu > 75% and host.memory > 60% for 10m then evacuate heaviest fitting vm by cpu until host.cpu < 60% cooldown 15m\n" +
            "at 20:00 consolidate\n"));

    [Fact]
    public void Guards_and_modifiers_have_a_line_each() => Assert.Equal(
        """
        policy relieve
          when host.cpu > 75% for 10m
          in cluster web
          where tagged "x"
          during 07:00-20:00 weekdays, night
          unless host.munin["backup.running"] > 0
          then balance
          at most 3 moves per 1h
          priority 5
          mode recommend
          because "hot hosts throttle"

        """,
        Formatted.Text(
            "let night = 22:00-06:00\npolicy relieve when host.cpu > 75% for 10m in cluster web where tagged \"x\" during 07:00-20:00 weekdays,night " +
            "unless host.munin[\"backup.running\"] > 0 then balance at most 3 moves per 1h priority 5 mode recommend because \"hot hosts throttle\"")
            .Replace("let night = 22:00-06:00\n\n", "", StringComparison.Ordinal));

    [Fact]
    public void A_condition_about_each_host_is_broken_within_its_parentheses() => Assert.Equal(
        """
        let crowded = host.memory > 80%
          and count of hosts (host.cpu > 75% and host.memory > 80% and not tagged "spare"
            or host.load > 4 and not is draining) >= 2

        """,
        Formatted.Text(
            "let crowded = host.memory > 80% and count of hosts (host.cpu > 75% and host.memory > 80% and not tagged \"spare\" or host.load > 4 and not is draining) >= 2"));

    [Fact]
    public void A_condition_that_is_too_long_is_broken_where_it_is_loosest() => Assert.Equal(
        """
        let short = host.cpu > 71% and host.cpu < 99% and host.memory > 71%
          or host.load > 4
          or (host.cpu > 81%
            and host.memory > 81%
            and host.load > 2
            and host.cpu < 98%
            and not host.memory > 97%
            and vm.cpu > 95%
            and vm.memory > 4GiB)

        policy p
          when host.cpu > 71%
            and host.memory > 71%
            and (host.load > 4 or short)
            and host.cpu < 91%
            and not (vm.memory > 12345MiB and vm.cpu > 33%) for 10m
          then balance

        """,
        Formatted.Text(
            "let short = host.cpu > 71% and host.cpu < 99% and host.memory > 71% or host.load > 4 or (host.cpu > 81% and host.memory > 81% " +
            "and host.load > 2 and host.cpu < 98% and not host.memory > 97% and vm.cpu > 95% and vm.memory > 4GiB)\n" +
            "policy p when host.cpu > 71% and host.memory > 71% and (host.load > 4 or short) and host.cpu < 91% " +
            "and not (vm.memory > 12345MiB and vm.cpu > 33%) for 10m then balance"));

    [Fact]
    public void A_list_that_is_too_long_is_filled_line_by_line()
    {
        var times = string.Join(", ", Enumerable.Range(0, 24).Select(h => $"{h:00}:30"));
        Assert.Equal(
            """
            at 00:30, 01:30, 02:30, 03:30, 04:30, 05:30, 06:30, 07:30, 08:30, 09:30, 10:30, 11:30, 12:30, 13:30,
                14:30, 15:30, 16:30, 17:30, 18:30, 19:30, 20:30, 21:30, 22:30, 23:30
              balance

            """, Formatted.Text($"at {times} balance"));
    }

    [Fact]
    public void The_word_behind_a_list_stays_with_its_last_item()
    {
        var times = string.Join(", ", Enumerable.Range(0, 13).Select(h => $"{h:00}:30"));
        Assert.Equal($"at {times},\n    13:30 weekdays\n  balance\n", Formatted.Text($"at {times}, 13:30 weekdays balance"));
    }

    [Fact]
    public void A_very_long_condition_and_a_deep_one_are_laid_out_in_time()
    {
        var wide = "when " + string.Join(" or ", Enumerable.Range(1, 250).Select(i => $"host.load > {i}")) + " then balance";
        var deep = $"let deep = {new string('(', 60)}host.load > 1{new string(')', 60)} and host.load > 2 and host.load > 3 and host.load > 4";
        foreach (var text in new[] { Formatted.Text(wide), Formatted.Text(deep) })
        {
            Assert.Equal(text, Formatted.Text(text));
            Assert.True(text.Count(c => c == '\n') > 1);
        }
    }

    [Theory]
    [InlineData("when host.cpu > 75 then balance", "ULM1103")]
    [InlineData("when host.cpu > 75% thn balance", "ULM0105")]
    [InlineData("at 20:00 consolidate\n\nwhatever", "ULM0103")]
    public void A_text_with_errors_has_no_canonical_form(string text, string code)
    {
        var faulty = Assert.IsType<FormatResult.Faulty>(PolicyFormatter.Format(new SourceText("a.ulm", text)));
        Assert.Equal(code, Assert.Single(faulty.Diagnostics).Code);
    }

    [Fact]
    public void Warnings_and_names_that_another_file_defines_are_no_errors_of_a_text() =>
        Assert.Equal("when busy then power off idle hosts\n", Formatted.Text("when   busy then power off idle hosts"));

    private static IEnumerable<SourceText> Samples() =>
        Repository.SamplePolicies().Append(Repository.Source(Repository.Folder("src", "Ulm.Server", "Embedded", "embedded.ulm")))
            .Append(Repository.Source(Repository.Folder("tests", "Ulm.Dsl.Tests", "Baselines", "every-form.ulm")));
}
