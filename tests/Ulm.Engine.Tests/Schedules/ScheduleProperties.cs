using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Schedules;

/// <summary>The calculator against a count through every minute of weeks in which clocks change: strictly after, in the selection, none missed.</summary>
public class ScheduleProperties
{
    private const int Days = 8;

    /// <summary>Zones, and a day shortly before a change: an hour forward and back, half an hour, two hours, over midnight, a whole day left out.</summary>
    private static readonly (string Zone, DateOnly From)[] Changes =
    [
        ("Europe/Copenhagen", new(2026, 3, 24)), ("Europe/Copenhagen", new(2026, 10, 20)), ("America/New_York", new(2026, 3, 3)), ("America/New_York", new(2026, 10, 27)),
        ("Australia/Lord_Howe", new(2026, 3, 30)), ("Australia/Lord_Howe", new(2026, 9, 29)), ("America/Sao_Paulo", new(2018, 10, 30)), ("America/Sao_Paulo", new(2018, 2, 12)),
        ("Antarctica/Troll", new(2026, 3, 24)), ("Antarctica/Troll", new(2026, 10, 20)), ("Asia/Kolkata", new(2026, 3, 24)), ("Pacific/Apia", new(2011, 12, 26)),
    ];

    private static readonly Gen<(string Zone, DateOnly From)> AnyChange = Gen.OneOf(Changes);

    /// <summary>Mostly at night, where clocks are changed.</summary>
    private static readonly Gen<TimeOnly> AnyTime = Gen.Frequency(
        (3, Gen.Int[0, 24].Select(quarter => new TimeOnly(quarter / 6, quarter % 6 * 10))), (1, Gen.Int[0, 95].Select(q => new TimeOnly(q / 4, q % 4 * 15))), (1, Gen.Const(new TimeOnly(23, 30))));

    private static Gen<DaySelection> AnyDays(DateOnly first) =>
        from weekly in Gen.Frequency((2, Gen.Const(DaysOfWeek.Daily)), (3, Gen.Int[0, 127].Select(d => (DaysOfWeek)d)))
        from monthly in Gen.Select(Gen.OneOf(-1, 1, 2, 3, 4, 5), Gen.OneOf<DayOfWeek?>(null, DayOfWeek.Sunday, DayOfWeek.Friday), (n, d) => new DayOfMonth(n, d)).Array[0, 2]
        from dates in Gen.Int[0, Days].Select(first.AddDays).Array[0, 2]
        from off in Gen.Int[0, Days].Array[0, 2]
        select new DaySelection
        {
            Weekly = weekly, Monthly = [.. monthly], Dates = [.. dates], Except = [.. off.Select(o => new DateCalendar("holidays", [new(first.AddDays(o), first.AddDays(o + 1))]))],
        };

    [Fact]
    public void At_fires_at_every_minute_that_the_wall_clock_says_and_at_no_other() => AnyChange.SelectMany(c => Gen.Select(AnyTime.Array[1, 3], AnyDays(c.From), Gen.Int[0, Days * 1440], (times, days, ask) => (times, days, ask)), (change, given) => (change, given))
        .Sample((change, given) =>
        {
            var minutes = Minutes.Of(change.Zone, change.From, Days);
            var expected = minutes.At([.. given.times], given.days);
            AssertSame(new Trigger.At([.. given.times], given.days), minutes, expected, given.ask);
        }, iter: 150);

    [Fact]
    public void Every_fires_at_whole_periods_from_each_midnight_while_its_window_is_open() => AnyChange.SelectMany(
            c => Gen.Select(Gen.OneOf(1, 7, 10, 15, 45, 60, 95, 240, 1440), Gen.Bool, AnyTime, AnyTime, AnyDays(c.From), Gen.Int[0, Days * 1440]), (change, given) => (change, given))
        .Sample((change, given) =>
        {
            var (period, windowed, from, to, days, ask) = given;
            var minutes = Minutes.Of(change.Zone, change.From, Days);
            var window = windowed ? new TimeWindow(from, to, days, "") : null;
            AssertSame(new Trigger.Every(TimeSpan.FromMinutes(period)) { Between = window }, minutes, minutes.Every(period, window), ask);
        }, iter: 150);

    [Fact]
    public void Have_on_fires_its_lead_before_the_time() => AnyChange.SelectMany(c => Gen.Select(AnyTime, AnyDays(c.From), Gen.Int[0, 200], Gen.Int[0, Days * 1440]), (change, given) => (change, given))
        .Sample((change, given) =>
        {
            var (by, days, lead, ask) = given;
            var minutes = Minutes.Of(change.Zone, change.From, Days);
            var after = minutes.Start.AddMinutes(ask);
            var expected = minutes.At([by], days).Select(t => t.AddMinutes(-lead)).FirstOrDefault(t => t > after);
            var found = ScheduleCalculator.Next(new Trigger.HaveOn(2, by, days), after, minutes.Zone, TimeSpan.FromMinutes(lead));
            if (expected != default) Assert.Equal(Zones.Text(TimeZoneInfo.ConvertTime(expected, minutes.Zone)), Zones.Text(found));
            else Assert.True(found is null || found > minutes.End.AddMinutes(-lead - 1), Zones.Text(found));
        }, iter: 150);

    [Fact]
    public void Cron_asked_at_any_minute_names_the_next_of_those_that_counting_through_gives() => Gen.Select(
            AnyChange, Gen.OneOf("0 30 2 * * ?", "0 0/15 * * * ?", "0 30 0-3 * * ?", "0 15,45 1,2 ? * SUN", "0 0 0 L * ?", "0 10 1 ? * 1#1"), Gen.Int[0, Days * 1440])
        .Sample((change, expression, ask) =>
        {
            var minutes = Minutes.Of(change.Zone, change.From, Days);
            var all = new List<DateTimeOffset>();
            for (var at = ScheduleCalculator.Next(new Trigger.Cron(expression), minutes.Start, minutes.Zone); at < minutes.End; at = ScheduleCalculator.Next(new Trigger.Cron(expression), at.Value, minutes.Zone)) all.Add(at.Value);
            AssertSame(new Trigger.Cron(expression), minutes, all, ask);
        }, iter: 150);

    /// <summary>Counted through from the start, and asked once in the middle.</summary>
    private static void AssertSame(Trigger trigger, Minutes minutes, IReadOnlyList<DateTimeOffset> expected, int ask)
    {
        var found = new List<string>();
        for (var at = ScheduleCalculator.Next(trigger, minutes.Start, minutes.Zone); at < minutes.End; at = ScheduleCalculator.Next(trigger, at.Value, minutes.Zone)) found.Add(Zones.Text(at));
        Assert.Equal(expected.Where(t => t > minutes.Start).Select(t => Zones.Text(TimeZoneInfo.ConvertTime(t, minutes.Zone))), found);

        var after = minutes.Start.AddMinutes(ask).AddSeconds(1);
        var next = expected.FirstOrDefault(t => t > after);
        if (next != default) Assert.Equal(Zones.Text(TimeZoneInfo.ConvertTime(next, minutes.Zone)), Zones.Text(ScheduleCalculator.Next(trigger, after, minutes.Zone)));
    }

    /// <summary>Every minute of some days, with what the wall clock shows at it: all that is known of the zone is how an instant reads.</summary>
    private sealed class Minutes
    {
        private static readonly Dictionary<(string, DateOnly), Minutes> Made = [];

        private readonly List<(DateTimeOffset At, DateTime Local, DateTime SkippedFrom, bool Again)> _all = [];

        private Minutes(string zone, DateOnly from, int days)
        {
            Zone = Zones.Of(zone);
            Start = new DateTimeOffset(from.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            End = Start.AddDays(days);
            // A day earlier: what comes again has come before.
            var seen = new HashSet<DateTime>();
            var last = default(DateTime);
            for (var at = Start.AddDays(-2); at < End; at = at.AddMinutes(1))
            {
                var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime;
                var skipped = last != default && local - last > TimeSpan.FromMinutes(1) ? last.AddMinutes(1) : local;
                _all.Add((at, local, skipped, !seen.Add(local)));
                last = local;
            }
        }

        public TimeZoneInfo Zone { get; }

        public DateTimeOffset Start { get; }

        public DateTimeOffset End { get; }

        public static Minutes Of(string zone, DateOnly from, int days)
        {
            lock (Made)
            {
                if (!Made.TryGetValue((zone, from), out var minutes)) Made.Add((zone, from), minutes = new Minutes(zone, from, days));
                return minutes;
            }
        }

        public List<DateTimeOffset> At(HashSet<TimeOnly> times, DaySelection days) =>
            [.. _all.Where(m => !m.Again && Shown(m.SkippedFrom, m.Local).Any(l => times.Contains(TimeOnly.FromDateTime(l)) && days.Contains(DateOnly.FromDateTime(l)))).Select(m => m.At)];

        public List<DateTimeOffset> Every(int period, TimeWindow? window)
        {
            var times = new List<DateTimeOffset>();
            DateTimeOffset? midnight = null;
            var day = default(DateOnly);
            foreach (var (at, local, _, _) in _all)
            {
                if (DateOnly.FromDateTime(local) > day)
                {
                    if (day != default) midnight = at;
                    day = DateOnly.FromDateTime(local);
                }

                if (midnight is not { } since || (at - since).TotalMinutes % period != 0 || (period == 1440 && at != since)) continue;
                if (window?.Contains(local) != false) times.Add(at);
            }

            return times;
        }

        /// <summary>What the clock on the wall shows at this minute, and what it would have shown since the last had it not been put forward.</summary>
        private static IEnumerable<DateTime> Shown(DateTime from, DateTime to)
        {
            for (var at = from; at <= to; at = at.AddMinutes(1)) yield return at;
        }
    }
}
