using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Journal;

/// <summary>Puts what happened into journal entries, keeps them in the store, and tells whoever listens.</summary>
public sealed class JournalWriter(IStateStore store) : IActionRecorder
{
    /// <summary>Raised after an entry is durable, on the thread that wrote it.</summary>
    public event Action<JournalEntry>? Written;

    /// <summary>Of the newest entry that this writer wrote; 0: none yet.</summary>
    public long LastSequence { get; private set; }

    /// <exception cref="StoreUnavailableException">The entries can't be kept.</exception>
    public async Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        if (entries.Count == 0) return;
        foreach (var entry in await store.AppendAsync(entries, ct)) Told(entry);
    }

    /// <summary>Both are kept, or neither: a hold that the journal tells of holds.</summary>
    /// <exception cref="StoreUnavailableException">They can't be kept.</exception>
    public async Task WriteAsync(JournalEntry told, ImmutableArray<OperatorHold> holds, CancellationToken ct) => Told(await store.SaveOperatorHoldsAsync(holds, told, ct));

    private void Told(JournalEntry kept)
    {
        LastSequence = Math.Max(LastSequence, kept.Sequence);
        Written?.Invoke(kept);
    }

    async Task IActionRecorder.RecordAsync(ActionEvent entry, CancellationToken ct)
    {
        try
        {
            await WriteAsync([Of(entry)], ct);
        }
        catch (StoreUnavailableException e)
        {
            throw new RecorderUnavailableException($"nothing is done until the journal can be written again: {e.Message}", e);
        }
    }

    public static JournalEntry Of(HoldTransition transition)
    {
        var held = transition.Rule.Trigger is Trigger.When { For: var time } && time > TimeSpan.Zero && transition.To == HoldState.Pending
            ? $", fires if it holds for {Show.Duration(time)}" : "";
        return new JournalEntry(
            transition.At, JournalKind.Rule, $"{transition.Rule.Name} {transition.To.ToString().ToLowerInvariant()} on {transition.Subject}{held}: {transition.Because}")
        {
            Rule = transition.Rule.Name,
            Subject = transition.Subject.ToString(),
            Outcome = transition.To.ToString().ToLowerInvariant(),
        };
    }

    public static JournalEntry Of(Decision decision, DecisionDetails details) => Of(decision) with { Details = details };

    public static JournalEntry Of(Decision decision) => decision.Ordered is { } order
        ? new(decision.At, JournalKind.Decision, $"{order} {decision.Reason}")
        {
            Decision = decision.Id,
            Rule = decision.Rule.Name,
            Subject = decision.Subject?.ToString(),
            Outcome = "ordered",
            By = decision.By,
        }
        : new(decision.At, JournalKind.Decision, $"{decision.Rule.Name} {Verb(decision.Mode)}{(decision.Subject is { } s ? $" on {s}" : "")}: {decision.Reason}{Because(decision.Rule)}")
        {
            Decision = decision.Id,
            Rule = decision.Rule.Name,
            Subject = decision.Subject?.ToString(),
        };

    private static string Verb(RuleMode mode) => mode switch
    {
        RuleMode.Observe => "would fire (it only observes)",
        RuleMode.Recommend => "recommends",
        _ => "fires",
    };

    private static string Because(Rule rule) => rule.Because is { } because ? $" ({because})" : "";

    /// <summary>A step that waits for somebody's approval.</summary>
    /// <param name="plan">What it is approved by.</param>
    public static JournalEntry Recommended(PlanStep step, string plan, DateTimeOffset at) =>
        new(at, JournalKind.Decision, $"recommended, and not done until plan {plan} is approved: {step.Action} ({step.Rule}: {step.Reason})")
        {
            Decision = step.Decision,
            Rule = step.Rule,
            Subject = step.Action.Subject?.ToString() ?? "site",
            Outcome = "recommended",
        };

    public static JournalEntry Of(HostTransition moved) =>
        new(moved.Life.Since, JournalKind.Host, $"host {moved.Life.Host}: {HostLife.Describe(moved.From)} -> {HostLife.Describe(moved.Life.Phase)}: {moved.Life.Because}")
        {
            Subject = $"host/{moved.Life.Host}",
            Outcome = HostLife.Describe(moved.Life.Phase),
            By = moved.By,
        };

    public static JournalEntry Of(Withheld withheld) =>
        new(withheld.At, JournalKind.Refusal, $"{withheld.Rule.Name}: its time came at {withheld.Due:HH:mm:ss} and it did not fire: {withheld.Because}")
        {
            Rule = withheld.Rule.Name,
            Outcome = "withheld",
            Why = [withheld.Because],
        };

    public static JournalEntry Of(Refusal refusal, DateTimeOffset at) =>
        new(at, JournalKind.Refusal, $"{refusal.Rule} on {refusal.Subject}: {Title(refusal.Code)}: {string.Join("; ", refusal.Why)}")
        {
            Rule = refusal.Rule,
            Subject = refusal.Subject,
            Decision = refusal.Decision,
            Outcome = refusal.CodeText,
            Why = refusal.Why,
        };

    public static JournalEntry Of(Outvoted outvoted, DateTimeOffset at) =>
        new(at, JournalKind.Refusal, $"{outvoted.Rule.Name} on {outvoted.Subject}: outvoted: {outvoted.Because}")
        {
            Rule = outvoted.Rule.Name,
            Subject = outvoted.Subject.ToString(),
            Outcome = "outvoted",
            Why = [outvoted.Because],
        };

    public static JournalEntry Of(ActionEvent entry)
    {
        var kind = entry.Phase switch
        {
            ActionPhase.Begun => JournalKind.Begun,
            ActionPhase.Refused => JournalKind.Refusal,
            _ => JournalKind.Ended,
        };
        return new JournalEntry(entry.At, kind, entry.Phase == ActionPhase.Begun ? $"{entry.Text} ({entry.Step.Rule}: {entry.Step.Reason})" : entry.Text)
        {
            Decision = entry.Step.Decision,
            Rule = entry.Step.Rule,
            Subject = entry.Step.Action.Subject?.ToString() ?? "site",
            Step = $"{entry.Step.Decision}/{entry.Step.Id}",
            Begins = entry.Phase == ActionPhase.Begun ? BegunStep.Of(entry.Step) : null,
            Outcome = entry.Code is { } code ? Refusal.Text(code) : entry.Phase == ActionPhase.InDoubt ? "in doubt" : entry.Phase.ToString().ToLowerInvariant(),
        };
    }

    private static string Title(RefusalCode code) => code switch
    {
        RefusalCode.NoHostFits => "fits nowhere",
        RefusalCode.NothingToGain => "nothing to gain",
        RefusalCode.KeepHostsOn => "stays on",
        RefusalCode.NoHostToPowerOn => "too few hosts to power on",
        RefusalCode.NoPowerControl => "can't be powered",
        RefusalCode.NeverMigrate => "must not move",
        _ => "not done",
    };
}
