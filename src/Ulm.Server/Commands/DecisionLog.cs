using System.Collections.Immutable;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Simulation;

namespace Ulm.Server.Commands;

/// <summary>A step that was begun, with what led to it.</summary>
internal sealed record TakenDecision(DateTimeOffset At, PlanStep Step);

/// <summary>Something that was not done, however often it was asked for.</summary>
/// <param name="Why">Of the first time.</param>
internal sealed record RepeatedRefusal(string Code, string Rule, string Subject, ImmutableArray<string> Why)
{
    public int Times { get; set; }

    public HashSet<string> Subjects { get; } = new(StringComparer.Ordinal);
}

/// <summary>Follows a control loop by its journal: which steps were begun, which ended badly, what was not done.</summary>
internal sealed class DecisionLog
{
    private readonly Dictionary<string, PlanStep> _planned = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), RepeatedRefusal> _refused = [];

    public DecisionLog(ControlLoop loop)
    {
        loop.Looked += (_, look) =>
        {
            foreach (var step in look.Plan.Steps) _planned[$"{step.Decision}/{step.Id}"] = step;
        };
        loop.Journal.Written += OnWritten;
    }

    public List<TakenDecision> Taken { get; } = [];

    public IReadOnlyCollection<RepeatedRefusal> Refused => _refused.Values;

    /// <summary>Steps that were begun and did not succeed, as the journal says it.</summary>
    public List<JournalEntry> Failures { get; } = [];

    public event Action<TakenDecision>? Begun;

    /// <summary>A step that was begun did not succeed.</summary>
    public event Action<JournalEntry>? Failed;

    /// <summary>A fault of the simulation struck, or passed.</summary>
    public event Action<FaultEvent>? Struck;

    public void Note(FaultEvent fault) => Struck?.Invoke(fault);

    private void OnWritten(JournalEntry entry)
    {
        switch (entry)
        {
            case { Kind: JournalKind.Begun, Step: { } key } when _planned.TryGetValue(key, out var step):
                var taken = new TakenDecision(entry.At, step);
                Taken.Add(taken);
                Begun?.Invoke(taken);
                break;
            case { Kind: JournalKind.Ended, Step: { } key }:
                _planned.Remove(key);
                if (entry.Outcome == "succeeded") break;
                Failures.Add(entry);
                Failed?.Invoke(entry);
                break;
            case { Kind: JournalKind.Refusal }:
                Count(entry);
                break;
        }
    }

    private void Count(JournalEntry entry)
    {
        var key = (entry.Outcome ?? "", entry.Rule ?? "");
        if (!_refused.TryGetValue(key, out var refusal))
            _refused.Add(key, refusal = new RepeatedRefusal(key.Item1, key.Item2, entry.Subject ?? "site", entry.Why.IsEmpty ? [entry.Text] : entry.Why));
        refusal.Times++;
        refusal.Subjects.Add(entry.Subject ?? "");
    }
}
