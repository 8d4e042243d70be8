using Ulm.Dsl.Policies;

namespace Ulm.Engine.Tests.Loop;

/// <summary>Counts, over the whole life of a run and all its restarts, what was asked of the world against the budgets of its policies.</summary>
internal static class Budgets
{
    public static IEnumerable<string> Overspent(Run run, PolicySet policies)
    {
        foreach (var budget in policies.Constraints.OfType<StandingConstraint.MigrationBudget>())
            foreach (var broken in Over(run.Asked.Where(c => c.What == "migrate").Select(c => c.At), budget.Count, budget.Per, budget.Text)) yield return broken;
        foreach (var budget in policies.Constraints.OfType<StandingConstraint.PowerCycleBudget>())
            foreach (var host in run.Asked.Where(c => c.What is "off" or "suspend").GroupBy(c => c.Subject))
                foreach (var broken in Over(host.Select(c => c.At), budget.Count, budget.Per, budget.Text)) yield return broken;
    }

    private static IEnumerable<string> Over(IEnumerable<DateTimeOffset> times, int count, TimeSpan per, string text)
    {
        var all = times.ToList();
        // An intention is durable a moment before it is carried out: the window is a little shorter than the budget's.
        return all.Where(t => all.Count(o => o <= t && o > t - per + TimeSpan.FromSeconds(5)) > count).Take(1).Select(t => $"{t}: more than {count} within {per} against \"{text}\"");
    }
}
