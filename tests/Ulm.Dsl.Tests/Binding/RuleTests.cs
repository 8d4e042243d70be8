using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class RuleTests
{
    [Theory]
    [InlineData("at 20:00 consolidate", "20:00", DaysOfWeek.Daily)]
    [InlineData("at 20:00 daily consolidate", "20:00", DaysOfWeek.Daily)]
    [InlineData("at 20:00 weekdays consolidate", "20:00", DaysOfWeek.Weekdays)]
    [InlineData("at 22:30, 06:00 weekends consolidate", "06:00 22:30", DaysOfWeek.Weekends)]
    [InlineData("at 00:00 monday, wednesday, sunday then consolidate", "00:00", DaysOfWeek.Monday | DaysOfWeek.Wednesday | DaysOfWeek.Sunday)]
    [InlineData("at 23:59 weekends, tuesday consolidate", "23:59", DaysOfWeek.Weekends | DaysOfWeek.Tuesday)]
    public void A_schedule(string text, string times, DaysOfWeek days)
    {
        var at = Assert.IsType<Trigger.At>(Compiled.Rule(text).Trigger);
        Assert.Equal(times, string.Join(' ', at.Times.Select(t => t.ToString("HH:mm"))));
        Assert.Equal(days, at.Days.Weekly);
    }

    [Theory]
    [InlineData("25:00", null)]
    [InlineData("24:00", "write `00:00`")]
    [InlineData("12:60", null)]
    [InlineData("8:00", "write `08:00`")]
    [InlineData("20", "write `20:00`")]
    [InlineData("20h", "write `20:00`")]
    [InlineData("20:00:00", null)]
    [InlineData("7pm", null)]
    public void A_time_that_is_none(string time, string? help)
    {
        var diagnostic = Compiled.Single($"at {time} consolidate");
        Assert.Equal("ULM2001", diagnostic.Code);
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }

    [Theory]
    [InlineData("at 20:00, 20:00 consolidate")]
    [InlineData("at 20:00 daily, monday consolidate")]
    [InlineData("at 20:00 weekdays, friday consolidate")]
    [InlineData("at 20:00 monday, monday consolidate")]
    public void What_is_covered_already_is_a_warning(string text) => Assert.Equal(["ULM2006"], Compiled.Codes(text));

    [Theory]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm", false, Resource.Cpu)]
    [InlineData("when host.cpu > 75% then evacuate heaviest fitting vm by memory", true, Resource.Memory)]
    [InlineData("when host.memory > 75% then evacuate heaviest fitting vm", true, Resource.Memory)]
    [InlineData("when host.memory > 75% then evacuate heaviest fitting vm by cpu", true, Resource.Cpu)]
    [InlineData("when host.memory > 75% and host.load > 2 then evacuate heaviest vm", false, Resource.Cpu)]
    [InlineData("when vm.memory > 4GiB then evacuate heaviest vm", false, Resource.Memory)]
    [InlineData("when vm.memory > 4GiB and vm.cpu > 4% then evacuate heaviest vm", false, Resource.Cpu)]
    public void Evacuate_takes_the_resource_of_the_condition(string text, bool fitting, Resource by) =>
        Assert.Equal([new PolicyAction.Evacuate(fitting, by)], Compiled.Rule(text).Actions);

    [Theory]
    [InlineData("every 1h balance", Resource.Cpu, 10, true)]
    [InlineData("every 1h balance by memory", Resource.Memory, 10, false)]
    [InlineData("every 1h balance to within 5%", Resource.Cpu, 5, false)]
    [InlineData("every 1h balance by memory to within 2.5%", Resource.Memory, 2.5, false)]
    [InlineData("when host.memory > 80% then balance", Resource.Memory, 10, true)]
    public void Balance(string text, Resource by, double tolerance, bool thorough) =>
        Assert.Equal([new PolicyAction.Balance(by, tolerance) { Thorough = thorough }], Compiled.Rule(text).Actions);

    [Theory]
    [InlineData("when host.cpu > 75% then balance", SubjectKind.Host)]
    [InlineData("when vm.cpu > 75% then balance", SubjectKind.Vm)]
    [InlineData("when host.cpu > 75% and not vm.cpu < 5% then balance", SubjectKind.Vm)]
    [InlineData("let a = vm.cpu > 5% when host.cpu > 75% and a then balance", SubjectKind.Vm)]
    public void A_condition_ranges_over_what_it_reads(string text, SubjectKind subject)
    {
        var when = Assert.IsType<Trigger.When>(Compiled.Rule(text).Trigger);
        Assert.Equal(subject, when.Subject);
        Assert.Equal(TimeSpan.Zero, when.For);
    }

    [Fact]
    public void Names_from_let_are_replaced()
    {
        var rule = Compiled.Rule("let busy = host.cpu > 75%\nwhen not busy and host.load < 2 then balance until busy cooldown 5m");
        var and = Assert.IsType<Condition.And>(Assert.IsType<Trigger.When>(rule.Trigger).Condition);
        var busy = Assert.IsType<Condition.Not>(and.Operands[0]).Operand;
        Assert.Equal("host.cpu > 75%", Assert.IsType<Condition.Comparison>(busy).Text);
        Assert.Equal(busy, rule.Until);
        Assert.Equal(TimeSpan.FromMinutes(5), rule.Cooldown);
    }

    [Fact]
    public void And_binds_before_or_and_not_before_both()
    {
        var result = Compiled.Text("when host.cpu > 1% or not host.cpu > 2% and host.load > 3 then balance");
        var or = Assert.IsType<Condition.Or>(Assert.IsType<Trigger.When>(result.Policies.Rules[0].Trigger).Condition);
        var and = Assert.IsType<Condition.And>(or.Operands[1]);
        Assert.IsType<Condition.Not>(and.Operands[0]);
    }

    [Fact]
    public void Definitions_hold_in_all_files_whichever_comes_first()
    {
        var result = PolicyCompiler.Compile([new("b.ulm", "when busy then balance"), new("a.ulm", "let busy = host.cpu > 75%")]);
        Assert.Empty(result.Diagnostics);
        Assert.Single(result.Policies.Rules);
    }

    [Theory]
    [InlineData("when host.cpu > 5% then balance until host.cpu < 4% until host.cpu < 3%", "ULM1201")]
    [InlineData("every 1h balance until host.cpu < 5%", "ULM1202")]
    [InlineData("at 20:00 evacuate heaviest vm", "ULM1203")]
    [InlineData("when host.cpu > 5% then balance until vm.cpu < 5%", "ULM1204")]
    [InlineData("when host.cpu > vm.memory then balance", "ULM1102")]
    [InlineData("when 5% < 6% then balance", "ULM1107")]
    [InlineData("when cpu > 75% then balance", "ULM1008")]
    public void Parts_that_do_not_go_together(string text, string code) => Assert.Equal([code], Compiled.Codes(text));

    [Theory]
    [InlineData("when cpu > 75% then balance", "did you mean `host.cpu`?")]
    [InlineData("when host.cup > 75% then balance", "did you mean `host.cpu`?")]
    [InlineData("when host.mem > 75% then balance", "a condition can read `host.cpu`, `host.memory`, `host.load`, `vm.cpu`, `cluster.cpu` and others, and any field of munin as `host.munin[\"plugin.field\"]`")]
    [InlineData("when vm.memroy > 4GiB then balance", "did you mean `vm.memory`?")]
    public void The_nearest_attribute_is_offered(string text, string help) => Assert.Equal(help, Compiled.Single(text).Help);

    [Theory]
    [InlineData("Europe/Copenhagen", null)]
    [InlineData("UTC", null)]
    [InlineData("Europe/Copenhagn", "did you mean `\"Europe/Copenhagen\"`?")]
    [InlineData("copenhagen", "did you mean `\"Europe/Copenhagen\"`?")]
    [InlineData("../../etc/hostname", "write a name of the IANA time zone database, for example `timezone \"Europe/Copenhagen\"`")]
    public void A_time_zone(string zone, string? help)
    {
        var result = Compiled.Text($"timezone \"{zone}\"");
        Assert.Equal(help, result.Diagnostics.SingleOrDefault()?.Help);
        Assert.Equal(help is null ? zone : null, result.Policies.TimeZone?.Id);
    }
}
