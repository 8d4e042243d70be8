using Quartz;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Schedules;

/// <summary>The live server is woken by Quartz triggers; simulations and the schedule command compute. Both must come to the same times.</summary>
public class QuartzAgreementTests
{
    public static TheoryData<string, int> Zone_years => new()
    {
        { "Europe/Copenhagen", 2026 }, { "America/New_York", 2026 }, { "Australia/Lord_Howe", 2026 }, { "America/Sao_Paulo", 2018 }, { "Asia/Kolkata", 2026 },
    };

    [Theory]
    [MemberData(nameof(Zone_years))]
    public void A_trigger_and_the_calculator_agree_over_a_year(string zoneId, int year)
    {
        var zone = Zones.Of(zoneId);
        foreach (var time in new TimeOnly[] { new(0, 0), new(0, 30), new(1, 45), new(2, 0), new(2, 15), new(2, 30), new(3, 0), new(20, 0), new(23, 30) })
        {
            foreach (var days in new[] { DaysOfWeek.Daily, DaysOfWeek.Weekdays, DaysOfWeek.Sunday })
            {
                var start = new DateTimeOffset(year - 1, 12, 31, 12, 0, 0, TimeSpan.Zero);
                var end = start.AddDays(367);
                var trigger = TriggerBuilder.Create().StartAt(start).WithCronSchedule(ScheduleCalculator.Cron(time, days), c => c.InTimeZone(zone)).Build();
                var byQuartz = Times(start, end, t => trigger.GetFireTimeAfter(t));
                var byUs = Times(start, end, t => ScheduleCalculator.Next(new Trigger.At([time], days), t, zone));

                Assert.Equal(byQuartz, byUs);
                Assert.InRange(byUs.Count, days == DaysOfWeek.Daily ? 365 : 52, 368);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Zone_years))]
    public void A_cron_trigger_and_the_calculator_agree_over_a_year(string zoneId, int year)
    {
        var zone = Zones.Of(zoneId);
        foreach (var expression in new[] { "0 30 2 * * ?", "0 15,45 0-3 ? * SUN", "0 0 12 L * ?", "0 0 6 ? * 2#1", "0 0/45 0/3 * * ?", "0 30 1 1,15 * ? *" })
        {
            var start = new DateTimeOffset(year - 1, 12, 31, 12, 0, 0, TimeSpan.Zero);
            var end = start.AddDays(367);
            var trigger = TriggerBuilder.Create().StartAt(start).WithCronSchedule(expression, c => c.InTimeZone(zone)).Build();

            var byQuartz = Times(start, end, t => trigger.GetFireTimeAfter(t));
            Assert.Equal(byQuartz, Times(start, end, t => ScheduleCalculator.Next(new Trigger.Cron(expression), t, zone)));
            Assert.InRange(byQuartz.Count, 12, 9000);
        }
    }

    private static List<string> Times(DateTimeOffset start, DateTimeOffset end, Func<DateTimeOffset, DateTimeOffset?> next)
    {
        var times = new List<string>();
        for (var at = next(start); at < end; at = next(at.Value)) times.Add(Zones.Text(at.Value.ToUniversalTime()));
        return times;
    }
}
