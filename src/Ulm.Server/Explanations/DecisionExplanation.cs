using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Ulm.Dsl.Text;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;

namespace Ulm.Server.Explanations;

/// <summary>One decision from the journal alone: why it was made, against whom, what was planned and refused, and what became of each step: <c>ulm.explanation.decision/1</c>.</summary>
/// <param name="Text">What was decided, for people.</param>
/// <param name="By">Who ordered it by hand; null: nobody did.</param>
/// <param name="Mode"><c>observe</c>, <c>recommend</c> or <c>enforce</c>.</param>
/// <param name="Location">Where its rule stands; empty: no rule decided.</param>
/// <param name="Policies">The hash of the policies then in force.</param>
/// <param name="Parts">The rule's condition as it stood.</param>
/// <param name="Outvoted">Who else wanted to act on the same, and lost.</param>
public sealed record DecisionExplanation(
    string Schema, string Decision, DateTimeOffset At, string Text, string? Rule, string? Subject, string? By, string Mode, string Location, string Policies,
    ImmutableArray<DecisionExplanation.Part> Parts, ImmutableArray<string> Outvoted, ImmutableArray<DecisionExplanation.Step> Steps, ImmutableArray<DecisionDetails.RefusedPart> Refused)
{
    public const string SchemaName = "ulm.explanation.decision/1";

    /// <summary>What comes of its look when it is taken again; null: that was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecisionReplay? Replay { get; init; }

    /// <summary>A decision has a step for each VM it moves at most; and each has few entries.</summary>
    private const int MostEntries = 100_000;

    /// <param name="AgeSeconds">How long before the decision its values were measured.</param>
    public sealed record Part(int Depth, string Text, string Verdict, double? AgeSeconds);

    /// <param name="Outcome"><c>waiting</c>, <c>begun</c>, <c>succeeded</c>, <c>failed</c>, <c>in doubt</c>, <c>abandoned</c>, or a refusal's code.</param>
    /// <param name="Says">How it ended, or why it was refused.</param>
    public sealed record Step(int Id, ImmutableArray<int> After, string Text, DateTimeOffset? Begun, DateTimeOffset? Ended, string Outcome, string? Says);

    /// <exception cref="CommandFailedException">The journal has no such decision.</exception>
    public static async Task<DecisionExplanation> FindAsync(string decision, Func<JournalQuery, CancellationToken, Task<IReadOnlyList<JournalEntry>>> find, CancellationToken ct)
    {
        var entries = await find(new JournalQuery(MostEntries) { Decision = decision }, ct);
        if (entries.FirstOrDefault(e => e is { Kind: JournalKind.Decision, Details: not null }) is not { } decided) throw await UnknownAsync(decision, entries, find, ct);
        var details = decided.Details!;
        var ofSteps = entries.Where(e => e.Step is not null).ToLookup(e => e.Step);
        return new DecisionExplanation(
            SchemaName, decision, decided.At, decided.Text, decided.Rule, decided.Subject, decided.By, details.Mode, details.Location, details.Policies,
            [.. details.Parts.Select(p => new Part(p.Depth, p.Text, p.Verdict.ToString().ToLowerInvariant(), p.Age?.TotalSeconds))],
            details.Outvoted,
            [.. details.Steps.Select(s => StepOf(s, ofSteps[$"{decision}/{s.Id}"])), .. NotPlanned(decision, details, entries).Select(s => StepOf(s, ofSteps[$"{decision}/{s.Id}"]))],
            details.Refused);
    }

    /// <summary>Steps that came instead of planned ones: tried elsewhere, as a target could not take its VM.</summary>
    private static IEnumerable<DecisionDetails.Step> NotPlanned(string decision, DecisionDetails details, IEnumerable<JournalEntry> entries) =>
        from entry in entries
        where entry is { Kind: JournalKind.Begun, Step: { } step } && step.StartsWith($"{decision}/", StringComparison.Ordinal)
        let id = int.TryParse(entry.Step![(decision.Length + 1)..], CultureInfo.InvariantCulture, out var number) ? number : 0
        where id > 0 && details.Steps.All(s => s.Id != id)
        select new DecisionDetails.Step(id, [], entry.Text.Split(" (", 2)[0]);

    private static Step StepOf(DecisionDetails.Step step, IEnumerable<JournalEntry> entries)
    {
        var all = entries.ToList();
        var begun = all.FindLast(e => e.Kind == JournalKind.Begun);
        var end = all.FindLast(e => e.Kind is JournalKind.Ended or JournalKind.Refusal);
        return new Step(step.Id, step.After, step.Text, begun?.At, end?.At, end?.Outcome ?? (begun is null ? "waiting" : "begun"), end?.Text);
    }

    private static async Task<CommandFailedException> UnknownAsync(string decision, IReadOnlyList<JournalEntry> entries, Func<JournalQuery, CancellationToken, Task<IReadOnlyList<JournalEntry>>> find, CancellationToken ct)
    {
        if (entries.Count > 0) return new CommandFailedException($"decision {decision} was written by an older server, which kept no details; `ulm-server journal --decision {decision}` shows its entries");
        var lately = (await find(new JournalQuery(1000), ct)).Where(e => e is { Kind: JournalKind.Decision, Decision: not null }).Select(e => e.Decision!).Distinct().Reverse().ToList();
        var help = NearestWord.Find(decision, lately) is { } near ? $"; did you mean {near}?" : lately.Count > 0 ? $"; the last are {Words.List([.. lately.Take(3)], "and")}" : "";
        return new CommandFailedException($"the journal has no decision {decision}{help}");
    }
}
