using Ulm.Server.Commands;

namespace Ulm.Server.Testing;

/// <summary>Results for people: failures in full, the rest in a line.</summary>
internal static class TestText
{
    public static void Print(TestResults results, Terminal terminal)
    {
        foreach (var outcome in results.Outcomes.Where(o => !o.Passed)) Print(outcome, terminal);
        if (!results.NotExercised.IsEmpty)
        {
            terminal.Out.WriteLine($"{Words.Count(results.NotExercised.Length, "rule")} of {results.Rules} that no test exercises:");
            foreach (var rule in results.NotExercised) terminal.Out.WriteLine($"  {rule.Name}  {terminal.Dim(rule.Location.ToString())}");
            terminal.Out.WriteLine();
        }

        var summary = $"{Words.Count(results.Outcomes.Length - results.Failed, "test")} passed, {results.Failed} failed";
        terminal.Out.WriteLine(results.Faults.IsEmpty ? summary : $"{summary}, {Words.Count(results.Faults.Length, "fault")} in tests that were not run");
    }

    private static void Print(TestOutcome outcome, Terminal terminal)
    {
        var output = terminal.Out;
        output.WriteLine($"{terminal.Red("failed")}: {terminal.Bold(outcome.Test.Name)}  {terminal.Dim(outcome.Test.Location.ToString())}");
        foreach (var failure in outcome.Failures)
        {
            output.WriteLine();
            output.WriteLine($"  {terminal.Bold(failure.Expectation.Text)}  {terminal.Dim(failure.Expectation.Location.ToString())}");
            foreach (var chart in failure.Charts)
            {
                output.WriteLine($"    {chart.Title}");
                output.WriteLine($"      {chart.Letters}");
                output.WriteLine($"      {chart.MarkLine(failure.Minute)}");
            }

            output.WriteLine($"    at {SeriesChart.Minutes(failure.Minute)}: {(failure.Instead.IsEmpty ? "nothing was decided" : string.Join($"\n    {new string(' ', $"at {SeriesChart.Minutes(failure.Minute)}: ".Length)}", failure.Instead))}");
            foreach (var line in failure.Why) output.WriteLine($"    {line}");
        }

        foreach (var broken in outcome.Broken) output.WriteLine($"  a safety rule or constraint did not hold: {broken}");
        output.WriteLine();
    }
}
