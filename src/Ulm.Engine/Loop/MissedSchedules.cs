using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>Times of scheduled rules that passed while nobody looked.</summary>
internal static class MissedSchedules
{
    /// <summary>No window holds for longer.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(2);

    /// <summary>What comes seldom is looked for further back, step by step: what comes every minute is found at once.</summary>
    private const int Further = 4;

    /// <summary>Windows open and close on whole minutes, and last at least this long.</summary>
    private static readonly TimeSpan Stride = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Of each rule that fires at set times the last one that passed between these two. Rules that fire every so often come again by themselves; of one
    /// that wants hosts on by a time <see cref="HaveOnWatch"/> knows more.
    /// </summary>
    public static IEnumerable<ScheduleEvent> Since(PolicySet policies, DateTimeOffset since, DateTimeOffset until, TimeZoneInfo zone)
    {
        foreach (var rule in policies.Rules.Where(r => r.Trigger is Trigger.At or Trigger.Cron))
            if (Last(rule.Trigger, since, until, zone) is { } missed) yield return new ScheduleEvent(rule.Name, missed);
    }

    /// <summary>The last time after <paramref name="since"/> and before <paramref name="until"/>; null: none.</summary>
    public static DateTimeOffset? Last(Trigger trigger, DateTimeOffset since, DateTimeOffset until, TimeZoneInfo zone)
    {
        for (var back = Furthest; ; back *= Further)
        {
            var from = until - since > back ? until - back : since;
            DateTimeOffset? last = null;
            for (var next = ScheduleCalculator.Next(trigger, from, zone); next < until; next = ScheduleCalculator.Next(trigger, next.Value, zone)) last = next;
            if (last is not null || from == since) return last;
        }
    }

    /// <summary>True: the rule has a window that was open when its time came and has been open ever since.</summary>
    public static bool WindowHolds(PolicySet policies, ScheduleEvent due, DateTimeOffset at, TimeZoneInfo zone)
    {
        if (at - due.Due > Furthest || policies.Rules.FirstOrDefault(r => r.Name == due.Rule) is not { Guards.During: { IsEmpty: false } windows }) return false;
        return windows.Any(w =>
        {
            for (var then = due.Due; then < at; then += Stride) if (!w.Contains(TimeZoneInfo.ConvertTime(then, zone).DateTime)) return false;
            return w.Contains(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        });
    }
}
