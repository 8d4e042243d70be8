using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class DefinitionTests
{
    [Fact]
    public void A_group_of_hosts_is_a_condition_about_hosts_wherever_it_stands()
    {
        const string Group = "hosts edge = named \"edge-*\" and tagged \"ssd\"\n";
        var expected = Assert.IsType<Trigger.When>(Compiled.Rule("when host named \"edge-*\" and host tagged \"ssd\" then balance").Trigger).Condition;
        foreach (var used in new[] { "when edge then balance", "when host is edge then balance", "when is edge then balance" })
            Assert.Equal(Texts(expected), Texts(Assert.IsType<Trigger.When>(Compiled.Rule(Group + used).Trigger).Condition));

        var vm = Assert.IsType<Trigger.When>(Compiled.Rule(Group + "when vm.cpu > 75% and edge then balance").Trigger);
        Assert.Equal(SubjectKind.Vm, vm.Subject);
        Assert.Equal(SubjectKind.Host, Assert.IsType<Condition.Asks>(Assert.IsType<Condition.And>(Assert.IsType<Condition.And>(vm.Condition).Operands[1]).Operands[0]).Subject);
        Assert.Equal(Texts(expected), Texts(Compiled.Rule(Group + "at 20:00 where edge consolidate").Guards.Where!));
    }

    [Theory]
    [InlineData("hosts edge = vm.cpu > 5%\nwhen edge then balance", "ULM1213")]
    [InlineData("hosts edge = named \"a\"\nlet edge = host.cpu > 5%\nwhen edge then balance", "ULM1002")]
    [InlineData("let busy = host.cpu > 5%\nwhen host is busy then balance", "ULM1012")]
    [InlineData("calendar off = 2026-12-24\nwhen off then balance", "ULM1012")]
    [InlineData("calendar off = 2026-12-24\nwhen host is off then balance", "ULM4001")]
    [InlineData("let off = 07:00-20:00\nat 20:00 except off consolidate", "ULM1012")]
    [InlineData("calendar off = 2026-12-24 to 2026-12-20\nat 20:00 except off consolidate", "ULM2009")]
    [InlineData("calendar off = 2026-12-24, 2026-12-20 to 2026-12-26, 2026-12-25\nat 20:00 except off consolidate", "ULM2006")]
    [InlineData("calendar off = file \"off.ics\"\nat 20:00 except off consolidate", "ULM2012")]
    [InlineData("hosts edge = edge", "ULM1004")]
    [InlineData("let a = 07:00-20:00 except nowhere\nwhen a then balance", "ULM1003")]
    [InlineData("calendar host.x = 2026-12-24", "ULM1005")]
    [InlineData("calendar x =", "ULM0102")]
    [InlineData("calendar x =\nat 20:00 except x consolidate", "ULM0102")]
    public void What_is_wrong_with_a_definition_is_told_once(string text, string code) => Assert.Equal([code], Compiled.Codes(text).Distinct().Except(code == "ULM4001" ? [] : ["ULM4001"]));

    [Theory]
    [InlineData("calendar holidays = 2026-12-24\nat 20:00 except holydays consolidate", "did you mean `holidays`?")]
    [InlineData("let office = 07:00-20:00\nat 20:00 during ofice consolidate", "did you mean `office`?")]
    [InlineData("hosts edge = tagged \"x\"\nwhen host is egde then balance", "did you mean `edge`?")]
    [InlineData("when host is drainng then balance", "did you mean `draining`?")]
    public void The_nearest_name_of_the_right_kind_is_offered(string text, string help) =>
        Assert.Equal(help, Compiled.Text(text).Diagnostics.Single(d => d.Code == "ULM1003").Help);

    [Fact]
    public void A_calendar_file_is_asked_for_by_its_path_and_the_file_of_the_sentence()
    {
        var asked = new List<(string Path, string File)>();
        var options = new CompilerOptions
        {
            Calendars = (path, file) =>
            {
                asked.Add((path, file));
                return new CalendarLookup.Found(new DateCalendar("as the reader calls it", [new DateRange(new DateOnly(2026, 7, 1), new DateOnly(2026, 7, 31))]), "v1");
            },
        };
        var result = PolicyCompiler.Compile([new("a/night.ulm", "calendar closed = file \"days/closed.ics\"\nat 20:00 except closed consolidate")], options);
        Assert.Empty(result.Diagnostics);
        Assert.Equal([("days/closed.ics", "a/night.ulm")], asked);
        var days = Assert.IsType<Trigger.At>(result.Policies.Rules[0].Trigger).Days;
        Assert.Equal("closed", Assert.Single(days.Except).Name);
        Assert.False(days.Contains(new DateOnly(2026, 7, 14)));
        Assert.True(days.Contains(new DateOnly(2026, 8, 1)));
    }

    [Fact]
    public void A_calendar_file_that_is_not_there_is_told_with_the_reason()
    {
        var options = new CompilerOptions { Calendars = (_, _) => new CalendarLookup.Unavailable("the file does not exist") };
        var fault = Assert.Single(PolicyCompiler.Compile([new("a.ulm", "calendar closed = file \"c.ics\"\nat 20:00 except closed consolidate")], options).Diagnostics);
        Assert.Equal("there is no calendar `\"c.ics\"`: the file does not exist", fault.Message);
    }

    [Theory]
    [InlineData("let w = 07:00-20:00 when host.cpu > 5% during w then balance", "let w = 07:00-21:00 when host.cpu > 5% during w then balance")]
    [InlineData("hosts g = tagged a when g then balance", "hosts g = tagged b when g then balance")]
    [InlineData("hosts g = tagged a when vm.cpu > 5% and g then balance", "let g = tagged a when vm.cpu > 5% and g then balance")]
    [InlineData("calendar c = 2026-12-24 at 20:00 except c balance", "calendar c = 2026-12-25 at 20:00 except c balance")]
    [InlineData("calendar c = 2026-12-24 let w = 07:00-20:00 except c at 20:00 during w balance", "calendar c = 2026-12-25 let w = 07:00-20:00 except c at 20:00 during w balance")]
    public void A_fingerprint_changes_with_what_a_name_stands_for(string one, string other)
    {
        Assert.NotEqual(Compiled.Rule(one).Fingerprint, Compiled.Rule(other).Fingerprint);
        Assert.Equal(Compiled.Rule(one).Fingerprint, Compiled.Rule("\n" + one).Fingerprint);
    }

    [Fact]
    public void A_fingerprint_changes_with_the_content_of_a_calendar_file()
    {
        static string Of(string version) => PolicyCompiler.Compile(
            [new("a.ulm", "calendar c = file \"c.ics\"\nat 20:00 except c balance")],
            new CompilerOptions { Calendars = (_, _) => new CalendarLookup.Found(new DateCalendar("", []), version) }).Policies.Rules[0].Fingerprint;
        Assert.NotEqual(Of("v1"), Of("v2"));
        Assert.Equal(Of("v1"), Of("v1"));
    }

    // Each may be as deep as a condition can be. Written into one another they would be fifty times that, which is more than any thread has stack for.
    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("any host (", ")")]
    [InlineData("count of hosts (", ") > 1")]
    public void Definitions_that_nest_deeply_and_lead_to_one_another_are_refused_with_a_small_stack(string open, string close)
    {
        var lets = Enumerable.Range(0, CompilerLimits.DefinitionDepth).Select(i => $"let a{i} = {Nested(i == CompilerLimits.DefinitionDepth - 1 ? "host.cpu > 5%" : $"a{i + 1}")}");
        var codes = new List<string>();
        var thread = new Thread(() => codes.AddRange(Compiled.Codes(string.Join('\n', lets.Append("when a0 then balance")))), maxStackSize: 1536 * 1024);
        thread.Start();
        thread.Join();
        Assert.Contains("ULM1006", codes);

        string Nested(string inner) => Enumerable.Range(0, CompilerLimits.NestingDepth).Aggregate(inner, (text, _) => $"host.load > 2 or host.net.in > 1MiB/s and {open}{text}{close}");
    }

    [Theory]
    [InlineData("let loop = loop", "ULM1004")]
    [InlineData("let loop = not other\nlet other = host.cpu > 5% and loop", "ULM1004")]
    [InlineData("hosts loop = host is loop", "ULM1004")]
    [InlineData("let loop = other and other\n{0}\nlet z = host.cpu > 5%", "ULM1006")]
    public void A_rule_that_is_guarded_by_a_definition_without_an_end_is_compiled_to_an_end(string lets, string code)
    {
        // Each twice the one before: written out they would be 2^40 words.
        var doubled = string.Concat(Enumerable.Range(0, 40).Select(i => $"let {(i == 0 ? "other" : $"o{i}")} = {(i == 39 ? "z and z" : $"o{i + 1} and o{i + 1}")}\n"));
        foreach (var rule in new[] { "when host.cpu > 5% unless loop then balance", "when host.cpu > 5% where loop then balance", "when host.cpu > 5% during loop then balance", "when host.cpu > 5% then balance until loop", "when host.cpu > 5% then evacuate all vms to hosts where loop" })
            Assert.Contains(code, Compiled.Codes($"{string.Format(System.Globalization.CultureInfo.InvariantCulture, lets, doubled)}\n{rule}"));
    }

    private static string Texts(Condition condition) => condition switch
    {
        Condition.And and => string.Join(" and ", and.Operands.Select(Texts)),
        Condition.Asks asks => $"{asks.Subject} {asks.Test}",
        _ => condition.ToString(),
    };
}
