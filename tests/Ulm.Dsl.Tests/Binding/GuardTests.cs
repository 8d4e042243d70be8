using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

/// <summary>What stands before the actions of a rule and behind them.</summary>
public class GuardTests
{
    [Fact]
    public void Guards_in_any_order()
    {
        var rule = Compiled.Rule(
            "let office = 07:00-20:00 weekdays\nwhen host.cpu > 75% unless host.munin[\"backup.running\"] > 0 during office, 22:00-06:00 friday, saturday, 12:00-13:00 " +
            "where tagged \"x\" in cluster web then balance");
        Assert.Equal("web", rule.Guards.Cluster);
        Assert.Equal(new Condition.Asks(null, new SubjectTest.Tagged("x"), "tagged \"x\""), rule.Guards.Where);
        Assert.Equal("host.munin[\"backup.running\"] > 0", Assert.IsType<Condition.Comparison>(rule.Guards.Unless).Text);
        Assert.Equal(["07:00-20:00 weekdays", "22:00-06:00 friday, saturday", "12:00-13:00"], rule.Guards.During.Select(w => w.Text));
        Assert.Equal(DaysOfWeek.Friday | DaysOfWeek.Saturday, rule.Guards.During[1].Days.Weekly);
    }

    [Theory]
    [InlineData("at 20:00 weekdays during 19:00-21:00 in cluster web where host.load < 2 consolidate")]
    [InlineData("every 1h unless is draining then balance")]
    [InlineData("cron \"0 0 20 ? * MON\" in cluster web consolidate")]
    [InlineData("on host fails in cluster web then power on 1 host")]
    [InlineData("on vm starts where vm tagged \"x\" then balance")]
    [InlineData("when vm.cpu > 75% where host tagged \"x\" unless cluster.cpu > 50% then balance")]
    public void Every_trigger_takes_guards(string text) => Assert.NotEqual(RuleGuards.None, Compiled.Rule(text).Guards);

    [Fact]
    public void A_window_can_be_a_condition()
    {
        var rule = Compiled.Rule("let office = 07:00-20:00 weekdays\nwhen host.cpu > 75% and not office unless 12:00-13:00 monday, tuesday and host.load < 2 then balance");
        var and = Assert.IsType<Condition.And>(Assert.IsType<Trigger.When>(rule.Trigger).Condition);
        var office = Assert.IsType<Condition.Within>(Assert.IsType<Condition.Not>(and.Operands[1]).Operand);
        Assert.Equal(("office", "07:00-20:00 weekdays"), (office.Text, office.Window.Text));
        Assert.Equal("12:00-13:00 monday, tuesday", Assert.IsType<Condition.Within>(Assert.IsType<Condition.And>(rule.Guards.Unless).Operands[0]).Text);
    }

    [Fact]
    public void Modifiers_in_any_order()
    {
        var rule = Compiled.Rule(
            "when host.cpu > 75% then balance because \"hot\" mode recommend at most 3 moves at most 10 moves per 1h at most 1 host cooldown 10m per cluster priority -5 until host.cpu < 60%");
        Assert.Equal(("hot", RuleMode.Recommend, -5, SubjectKind.Cluster, TimeSpan.FromMinutes(10)), (rule.Because, rule.Mode, rule.Priority, rule.CooldownPer, rule.Cooldown));
        Assert.Equal(
            [
                new RuleBudget(3, BudgetOf.Moves, null, "at most 3 moves"), new RuleBudget(10, BudgetOf.Moves, TimeSpan.FromHours(1), "at most 10 moves per 1h"),
                new RuleBudget(1, BudgetOf.Hosts, null, "at most 1 host"),
            ], rule.Budgets);
        Assert.NotNull(rule.Until);
    }

    [Theory]
    [InlineData("when host.cpu > 75% in cluster a in cluster b then balance", "ULM1211", "in cluster b")]
    [InlineData("when host.cpu > 75% where tagged a where tagged b then balance", "ULM1211", "where tagged b")]
    [InlineData("when host.cpu > 75% during 07:00-08:00 during 09:00-10:00 then balance", "ULM1211", "during 09:00-10:00")]
    [InlineData("when host.cpu > 75% unless tagged a unless tagged b then balance", "ULM1211", "unless tagged b")]
    [InlineData("when host.cpu > 75% where vm.cpu > 5% then balance", "ULM1212", "vm.cpu > 5%")]
    [InlineData("when cluster.cpu > 75% unless host.load > 2 then balance", "ULM1212", "host.load > 2")]
    [InlineData("at 20:00 where vm tagged x consolidate", "ULM1212", "vm tagged x")]
    [InlineData("on host joins where vm.cpu > 5% then balance", "ULM1212", "vm.cpu > 5%")]
    [InlineData("when host.cpu > 75% during 7:00-20:00 then balance", "ULM2001", "7:00")]
    [InlineData("when host.cpu > 75% during 07:00-24:00 then balance", "ULM2001", "24:00")]
    [InlineData("when host.cpu > 75% during 07:00-08:00-09:00 then balance", "ULM2010", "07:00-08:00-09:00")]
    [InlineData("when host.cpu > 75% during nights then balance", "ULM1003", "nights")]
    [InlineData("let a = host.load > 2\nwhen host.cpu > 75% during a then balance", "ULM1012", "a")]
    [InlineData("let a = 07:00-08:00 and host.load > 2\nwhen host.cpu > 75% during a then balance", "ULM1012", "a")]
    [InlineData("when host.cpu > 75% then balance at most 0 moves", "ULM1108", "0")]
    [InlineData("when host.cpu > 75% then balance at most 3 moves per 0h", "ULM2002", "0h")]
    [InlineData("when host.cpu > 75% then balance at most 3 moves at most 4 moves", "ULM1201", "at most 4 moves")]
    [InlineData("when host.cpu > 75% then balance priority 1 priority 2", "ULM1201", "priority 2")]
    [InlineData("when host.cpu > 75% then balance priority 1001", "ULM1112", "1001")]
    [InlineData("when host.cpu > 75% then balance mode observe mode enforce", "ULM1201", "mode enforce")]
    [InlineData("when host.cpu > 75% then balance because \" \"", "ULM1216", "\" \"")]
    [InlineData("when host.cpu > 75% then balance because \"a\" because \"b\"", "ULM1201", "because \"b\"")]
    [InlineData("when host.cpu > 75% then balance cooldown 1h per vm", "ULM1215", "vm")]
    [InlineData("at 20:00 consolidate cooldown 1h per cluster", "ULM1215", "cluster")]
    [InlineData("when cluster.cpu > 75% then balance until host.load < 2", "ULM1204", "host.load < 2")]
    public void What_does_not_go_together_is_refused(string text, string code, string underlined)
    {
        var diagnostic = Compiled.Single(text);
        Assert.Equal((code, underlined), (diagnostic.Code, Compiled.Underlined(text, diagnostic)));
    }

    [Theory]
    [InlineData("when host.cpu > 75% until host.cpu < 60% then balance", "`until` is a modifier: it stands behind the actions")]
    [InlineData("when host.cpu > 75% then balance during 07:00-20:00", "`during` is a guard: it stands before `then`")]
    [InlineData("at 20:00 consolidate in cluster web", "`in cluster` is a guard: it stands before the actions")]
    [InlineData("when host.cpu > 75% in cluster web for 10m then balance", "`for` stands right behind the condition, before any guard")]
    [InlineData("calendar c = \"c.ics\"", "days from a file are written `file \"c.ics\"`")]
    [InlineData("when host is not idle then balance", "write `not` before the question, as in `not host is idle`")]
    public void Who_writes_a_part_in_the_wrong_place_is_told_where_it_goes(string text, string help) => Assert.Equal(help, Compiled.Single(text).Help);
}
