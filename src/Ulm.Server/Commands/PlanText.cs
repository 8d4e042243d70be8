using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Decisions;
using Ulm.Engine.Schedules;
using Ulm.Server.Api;
using Ulm.Server.Schedules;

namespace Ulm.Server.Commands;

/// <summary>A plan for people.</summary>
internal static class PlanText
{
    private const int MostUnknown = 20;

    /// <param name="what">Of which site, as of when.</param>
    public static void Print(Terminal terminal, PlanDocument plan, IReadOnlyCollection<Outvoted> outvoted, string what)
    {
        var output = terminal.Out;
        output.WriteLine($"{what}: {(plan.Steps.IsEmpty ? Nothing(plan) : $"{Words.Count(plan.Steps.Length, "step")}, {InAll(plan)}")}");
        if (plan.Steps.Length > 0)
        {
            var numbers = plan.Steps.Length.ToString().Length;
            var (width, longest) = (plan.Steps.Max(s => s.ToString().Length), plan.Steps.Max(s => Takes(s.Seconds).Length));
            // Steps of one decision follow one another: its reason is said once, above them.
            foreach (var decision in plan.Steps.GroupBy(s => (s.Rule, s.Subject, s.Reason)))
            {
                output.WriteLine($"\n{terminal.Bold(decision.Key.Rule)}{(decision.Key.Subject is { } subject ? $" on {subject}" : "")}: {decision.Key.Reason}");
                foreach (var step in decision)
                {
                    var line = $"  {step.Id.ToString().PadLeft(numbers)}  {step.ToString().PadRight(width)}   {Takes(step.Seconds).PadLeft(longest)}{(step.After.IsEmpty ? "" : $"   after {string.Join(", ", step.After)}")}";
                    output.WriteLine(line.TrimEnd());
                    if (step.Endless is { } why) output.WriteLine($"  {"".PadLeft(numbers)}  {why}");
                }
            }
        }

        if (plan.Unknown is { } unknown)
        {
            output.WriteLine($"\nNothing is known, and so nothing decided, of {(unknown.Length == plan.Hosts ? plan.Hosts == 1 ? "the only host" : $"all {plan.Hosts} hosts" : Words.Count(unknown.Length, "host"))}:");
            foreach (var host in unknown.Take(MostUnknown)) output.WriteLine($"  host {host.Host}: {host.Why}");
            if (unknown.Length > MostUnknown) output.WriteLine($"  and {unknown.Length - MostUnknown} more; --format json names them");
        }

        if (outvoted.Count + plan.NotPlanned.Length > 0) output.WriteLine("\nNot done:");
        foreach (var loser in outvoted) output.WriteLine($"  {loser.Rule.Name} on {loser.Subject}: {loser.Because}");
        foreach (var refusal in plan.NotPlanned)
        {
            output.WriteLine($"  {refusal.Code}  {refusal.Rule} on {refusal.Subject}");
            foreach (var why in refusal.Why) output.WriteLine($"    {why}");
        }

        if (plan.NotMigratable is not null) output.WriteLine("\nCan't be moved while they run:");
        foreach (var vm in plan.NotMigratable ?? []) output.WriteLine($"  vm {vm.Vm} on {vm.Host}: {vm.Why}");
    }

    private static string Nothing(PlanDocument plan) => plan.Hosts == 0 ? "the site is empty, or was not looked at yet: nothing is known"
        : plan.Unknown is { } unknown && unknown.Length == plan.Hosts ? "nothing is known, so nothing can be planned" : "nothing to do";

    private static string InAll(PlanDocument plan) => plan.Seconds is { } seconds ? $"about {Show.Duration(TimeSpan.FromSeconds(Math.Round(seconds)))}"
        : plan.Steps.Any(s => s.Endless is not null) ? "with no end: a migration does not converge"
        : "with no end: each migration converges by itself, but not all with their shares of the links; a lower `limit migrations` lets them";

    /// <summary>Nothing where nothing is waited for.</summary>
    public static string Takes(double? seconds) => seconds is not { } some ? "no end" : some == 0 ? "" : Show.Duration(TimeSpan.FromSeconds(some < 10 ? some : Math.Round(some)));

    /// <summary>A snapshot has one instant, and a schedule is seldom due just then: says how to see what it would do.</summary>
    public static void PrintNotDue(Terminal terminal, PolicySet policies, DateTimeOffset at, TimeZoneInfo zone, HaveOnLeads leads)
    {
        var later = (from rule in policies.Rules
                     where ScheduleCalculator.Next(rule.Trigger, at - TimeSpan.FromMinutes(1), zone, leads.Of(rule)) > at
                     let next = ScheduleCalculator.Next(rule.Trigger, at, zone, leads.Of(rule))
                     where next is not null
                     orderby next.Value
                     select (rule.Name, next.Value)).ToList();
        if (later.Count == 0) return;
        terminal.Out.WriteLine($"\nNot due at this time (--at plans for another):");
        foreach (var (name, next) in later) terminal.Out.WriteLine($"  {name}, next at {TimeText.Local(next, zone)}");
    }
}
