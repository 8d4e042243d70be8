using System.Globalization;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class TriggerTests
{
    // 2026 begins on a Thursday.
    [Theory]
    [InlineData("", "2026-01-01 2026-01-02 2026-01-03 2026-01-04")]
    [InlineData("weekdays", "2026-01-01 2026-01-02 2026-01-05")]
    [InlineData("first monday of month", "2026-01-05 2026-02-02 2026-03-02")]
    [InlineData("fifth friday of month", "2026-01-30 2026-05-29 2026-07-31")]
    [InlineData("last sunday of month", "2026-01-25 2026-02-22 2026-03-29")]
    [InlineData("last day of month", "2026-01-31 2026-02-28 2026-03-31")]
    [InlineData("second day of month", "2026-01-02 2026-02-02")]
    [InlineData("2026-12-24", "2026-12-24")]
    [InlineData("monday, 2026-01-01, last day of month", "2026-01-01 2026-01-05 2026-01-12 2026-01-19 2026-01-26 2026-01-31")]
    [InlineData("weekends except off", "2026-01-10 2026-01-11 2026-01-18 2026-01-24")]
    [InlineData("except off except more", "2026-01-06 2026-01-07 2026-01-08 2026-01-09 2026-01-10")]
    public void Days(string days, string expected)
    {
        var text = $"calendar off = 2026-01-01 to 2026-01-05, 2026-01-17 calendar more = 2026-01-15\nat 20:00 {days} consolidate at 21:00 except off except more consolidate";
        var at = Assert.IsType<Trigger.At>(Compiled.Text(text).Policies.Rules[0].Trigger);
        var found = Enumerable.Range(0, 365).Select(d => new DateOnly(2026, 1, 1).AddDays(d)).Where(at.Days.Contains)
            .Take(expected.Split(' ').Length).Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("at 20:00 2026-13-24 consolidate", "ULM2008", "2026-13-24", null)]
    [InlineData("at 20:00 2026-02-29 consolidate", "ULM2008", "2026-02-29", null)]
    [InlineData("at 20:00 2026-2-9 consolidate", "ULM2008", "2026-2-9", "write `2026-02-09`")]
    [InlineData("at 20:00 24.12.2026 consolidate", "ULM2008", "24.12.2026", "write `2026-12-24`")]
    [InlineData("at 20:00 3/4/2026 consolidate", "ULM2008", "3/4/2026", "write year, month and day, for example `2026-12-24`")]
    [InlineData("at 20:00 except holidays consolidate", "ULM1003", "holidays", "define it with `calendar NAME = 2026-12-24 to 2026-12-26`")]
    [InlineData("every 10m between 8:00 and 20:00 balance", "ULM2001", "8:00", "write `08:00`")]
    [InlineData("have 0 hosts on by 07:00", "ULM1108", "0", null)]
    [InlineData("have 3 hosts on by 25:00", "ULM2001", "25:00", null)]
    [InlineData("have 3 hosts on by 07:00 then balance", "ULM0101", "then", null)]
    [InlineData("have 3 hosts on by 07:00 until host.cpu > 5%", "ULM1202", "until host.cpu > 5%", null)]
    [InlineData("on host fails balance until host.cpu > 5%", "ULM1202", "until host.cpu > 5%", null)]
    [InlineData("at 20:00 first monday of month, monday consolidate", "", "", null)]
    [InlineData("at 20:00 monday, first monday of month consolidate", "ULM2006", "first monday of month", null)]
    [InlineData("at 20:00 weekdays, 2026-12-24 consolidate", "ULM2006", "2026-12-24", null)]
    [InlineData("at 20:00 2026-12-24, 2026-12-24 consolidate", "ULM2006", "2026-12-24", null)]
    public void Days_and_times_that_are_none(string text, string code, string underlined, string? help)
    {
        if (code.Length == 0)
        {
            Assert.Empty(Compiled.Codes(text));
            return;
        }
        var diagnostic = Compiled.Single(text);
        Assert.Equal((code, underlined), (diagnostic.Code, Compiled.Underlined(text, diagnostic)));
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }

    [Theory]
    [InlineData("every 10m balance", null)]
    [InlineData("every 10m weekdays balance", "weekdays: 00:00-00:00 Weekdays")]
    [InlineData("every 10m between 08:00 and 20:00 balance", "between 08:00 and 20:00: 08:00-20:00 Daily")]
    [InlineData("every 10m between 22:00 and 06:00 monday balance", "between 22:00 and 06:00 monday: 22:00-06:00 Monday")]
    public void Every(string text, string? expected)
    {
        var every = Assert.IsType<Trigger.Every>(Compiled.Rule(text).Trigger);
        Assert.Equal(expected, every.Between is { } w ? $"{w.Text}: {w.From:HH:mm}-{w.To:HH:mm} {w.Days.Weekly}" : null);
    }

    [Theory]
    [InlineData("on host joins", SubjectEvent.HostJoins, SubjectKind.Host)]
    [InlineData("on host leaves", SubjectEvent.HostLeaves, SubjectKind.Host)]
    [InlineData("on host fails", SubjectEvent.HostFails, SubjectKind.Host)]
    [InlineData("on host returns", SubjectEvent.HostReturns, SubjectKind.Host)]
    [InlineData("on vm starts", SubjectEvent.VmStarts, SubjectKind.Vm)]
    [InlineData("on vm stops", SubjectEvent.VmStops, SubjectKind.Vm)]
    public void Events(string trigger, SubjectEvent expected, SubjectKind subject)
    {
        var on = Assert.IsType<Trigger.On>(Compiled.Rule($"{trigger} then balance").Trigger);
        Assert.Equal((expected, subject), (on.Event, on.Subject));
        Assert.Equal(on, Compiled.Rule($"policy x {trigger} balance").Trigger);
    }

    [Fact]
    public void Hosts_on_by_a_time()
    {
        var rule = Compiled.Rule("policy morning have 3 hosts on by 07:00 weekdays in cluster web priority 5 because \"people come\"");
        Assert.Equal(new Trigger.HaveOn(3, new TimeOnly(7, 0), DaysOfWeek.Weekdays), rule.Trigger);
        Assert.Empty(rule.Actions);
        Assert.Equal(("web", 5, "people come"), (rule.Guards.Cluster, rule.Priority, rule.Because));
    }

    [Theory]
    [InlineData("0 0 20 ? * MON-FRI")]
    [InlineData("0 0/5 * * * ?")]
    [InlineData("0 15,45 8-18 L * ?")]
    [InlineData("0 0 0 LW * ? 2026-2030")]
    [InlineData("0 0 0 15W 1,6 ?")]
    [InlineData("0 0 0 ? jan-mar 6#3")]
    [InlineData("0 0 0 ? * 6L")]
    [InlineData("* * * * * ?")]
    [InlineData("0 0 12 13 * MON")]
    [InlineData("0 0 12 * * *")]
    public void A_cron_expression_of_Quartz(string expression) =>
        Assert.Equal(new Trigger.Cron(expression), Compiled.Rule($"cron \"{expression}\" consolidate").Trigger);

    [Theory]
    [InlineData("0 20 * * *", "\"0 20 * * *\"", "write `\"0 0 20 * * *\"`")]
    [InlineData("0 20 * * 1-5", "\"0 20 * * 1-5\"", "write `\"0 0 20 * * MON-FRI\"`")]
    [InlineData("30 6 * * 0,6,7", "\"30 6 * * 0,6,7\"", "write `\"0 30 6 * * SUN,SAT,SUN\"`")]
    [InlineData("30 6 * * */2", "\"30 6 * * */2\"", "write second, minute, hour, day of month, month, day of week and perhaps year: `\"0 0 20 ? * MON-FRI\"`")]
    [InlineData("0 0 25 ? * *", "25", "the hour lies between 0 and 23")]
    [InlineData("0 0 20 ? * MON,WED#2", "MON,WED#2", "write a rule for each of the days")]
    [InlineData("0 0 20 ? * 5,L", "5,L", "write a rule for each of the days")]
    [InlineData("0 0 5/24 ? * MON", "5/24", "the hour lies between 0 and 23")]
    [InlineData("0 0 20 ? * MOO", "MOO", "the day of the week lies between 1 and 7, or is a name from SUN to SAT")]
    [InlineData("0 0 20 ? 13 MON", "13", "the month lies between 1 and 12, or is a name from JAN to DEC")]
    [InlineData("0 0,,5 20 ? * MON", ",", null)]
    [InlineData("0 ? 20 ? * MON", "?", null)]
    [InlineData("0 0/0 20 ? * MON", "0/0", null)]
    [InlineData("", "\"\"", null)]
    [InlineData("every day", "\"every day\"", null)]
    public void A_cron_expression_that_is_none(string expression, string underlined, string? help)
    {
        var text = $"cron \"{expression}\" consolidate";
        var diagnostic = Compiled.Single(text);
        Assert.Equal(("ULM2011", underlined), (diagnostic.Code, Compiled.Underlined(text, diagnostic)));
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }
}
