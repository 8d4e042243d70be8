using Ulm.Engine;
using Ulm.Engine.Planning;
using Ulm.Server.Explanations;

namespace Ulm.Server.Commands;

/// <summary>Prints what the journal knows of a decision.</summary>
internal static class DecisionExplanationText
{
    public static void Print(DecisionExplanation decision, Terminal terminal)
    {
        var output = terminal.Out;
        output.WriteLine($"{terminal.Bold(decision.Decision)}, {Show.Time(decision.At)}");
        output.WriteLine(decision.Text);
        if (decision.Location.Length > 0) output.WriteLine($"rule {decision.Rule} at {decision.Location}, mode {decision.Mode}, policies {decision.Policies}");
        else if (decision.By is null) output.WriteLine("no rule decided this: the server did, to keep what policies or orders demand");
        if (decision.Parts.Length > 0) output.WriteLine("\nIt rested on");
        foreach (var part in decision.Parts)
        {
            var age = part.AgeSeconds is { } seconds ? $", measured {Show.Duration(TimeSpan.FromSeconds(seconds))} before" : "";
            output.WriteLine($"  {new string(' ', part.Depth * 2)}{part.Verdict,-7} {part.Text}{age}");
        }

        foreach (var loser in decision.Outvoted) output.WriteLine($"\nIt went before {loser}");
        output.WriteLine(decision.Steps.IsEmpty ? "\nNothing was planned." : $"\n{Words.Count(decision.Steps.Length, "step")}");
        foreach (var step in decision.Steps) Print(step, output);
        if (decision.Refused.Length > 0) output.WriteLine("\nRefused");
        foreach (var refused in decision.Refused)
        {
            output.WriteLine($"  {refused.Code}  {refused.Subject}");
            foreach (var why in refused.Why) output.WriteLine($"    {why}");
        }

        if (decision.Replay is { } replay) Print(replay, output);
    }

    private static void Print(DecisionReplay replay, TextWriter output)
    {
        output.WriteLine(replay.Same ? "\nReplayed from the look that is kept: the same decision, steps and refusals." : "\nReplayed from the look that is kept, something else comes of it");
        foreach (var missing in replay.Missing) output.WriteLine($"  only in the journal: {missing}");
        foreach (var added in replay.New) output.WriteLine($"  only replayed:       {added}");
    }

    private static void Print(DecisionExplanation.Step step, TextWriter output)
    {
        var after = step.After.IsEmpty ? "" : $", after {string.Join(", ", step.After)}";
        output.WriteLine($"  {step.Id,3}  {step.Text}{after}");
        var begun = step.Begun is { } from ? $"begun {Show.Time(from)}, " : "";
        var says = step.Says is { } text && text.StartsWith($"{step.Text}: ", StringComparison.Ordinal) ? text[(step.Text.Length + 2)..] : step.Says;
        output.WriteLine(step.Outcome switch
        {
            "waiting" => "       has not begun",
            "begun" => $"       begun {Show.Time(step.Begun!.Value)}, and not over",
            _ => $"       {begun}{(step.Begun is not null && Refusal.IsCode(step.Outcome) ? "not done" : step.Outcome)} {Show.Time(step.Ended!.Value)}: {says}",
        });
    }
}
