using System.Globalization;
using Ulm.Engine;
using Ulm.Server.Schedules;

namespace Ulm.Server.Commands;

/// <summary>The next times of rules for people.</summary>
internal static class ScheduleText
{
    public static void Print(ScheduleDocument schedule, Terminal terminal)
    {
        if (schedule.Rules.IsEmpty)
        {
            terminal.Out.WriteLine($"No rule has a schedule; {Words.Count(schedule.RulesInAll, "rule")} in all.");
            return;
        }

        terminal.Out.WriteLine($"Times in {schedule.TimeZone}, after {Local(Parse(schedule.From))}");
        if (schedule.Leads is { } leads) terminal.Out.WriteLine($"Hosts are woken in time {leads}");
        foreach (var rule in schedule.Rules)
        {
            terminal.Out.WriteLine($"\n{terminal.Bold(rule.Rule)}: {rule.Action}");
            var inHowLong = rule.Times.Select(t => $"in {Show.Duration(TimeSpan.FromSeconds(t.InSeconds))}").ToList();
            var width = inHowLong.Select(t => t.Length).DefaultIfEmpty().Max();
            foreach (var (time, wait) in rule.Times.Zip(inHowLong))
            {
                foreach (var skipped in time.Skips) terminal.Out.WriteLine(terminal.Dim($"  not on {skipped}"));
                var at = Parse(time.Local);
                var line = $"  {Local(at)}   {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC   ";
                terminal.Out.WriteLine(time.Note is null ? line + wait : $"{line}{wait.PadRight(width)}   {terminal.Dim(time.Note)}");
            }

            if (rule.Never is { } never) terminal.Out.WriteLine($"  {(rule.Times.IsEmpty ? "never" : "then never again")}: {never}");
        }
    }

    /// <param name="time">As the documents have it.</param>
    public static string Local(string time) => Local(Parse(time));

    private static string Local(DateTimeOffset at) => at.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
