using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Journal;

public enum JournalKind
{
    /// <summary>The server started, stopped, or stopped acting.</summary>
    Server,

    /// <summary>Policies were loaded, replaced or refused.</summary>
    Policies,

    /// <summary>A rule went from one hold state to another for a subject.</summary>
    Rule,

    /// <summary>A rule fired and was accepted.</summary>
    Decision,

    /// <summary>Something was not done, with the reason.</summary>
    Refusal,

    /// <summary>A step is about to be done.</summary>
    Begun,

    /// <summary>A step ended: done, failed, or in doubt.</summary>
    Ended,

    /// <summary>A host went from one phase of its life to another.</summary>
    Host,

    /// <summary>A source of measurements or a host fell silent, or answers again.</summary>
    Fault,
}

/// <summary>One line of the journal. Append-only; what is here is never changed.</summary>
/// <param name="Text">For people, complete in itself.</param>
public sealed record JournalEntry(DateTimeOffset At, JournalKind Kind, string Text)
{
    /// <summary>Given by the store, counting up; 0 before it is kept.</summary>
    public long Sequence { get; init; }

    public string? Decision { get; init; }

    public string? Rule { get; init; }

    /// <summary><c>host/h1</c> or <c>vm/web1</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>Pairs <see cref="JournalKind.Begun"/> with <see cref="JournalKind.Ended"/>: decision and step number.</summary>
    public string? Step { get; init; }

    /// <summary>Of a refusal, and of a step that was called off before anything was done: <c>ULM6203</c>. Of an ended step: <c>succeeded</c>, <c>failed</c>, <c>in doubt</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of a step that has ended: nobody was told to do anything of it.</summary>
    public bool WasCalledOff => Kind == JournalKind.Ended && Refusal.IsCode(Outcome);

    /// <summary>Of a begun step.</summary>
    public BegunStep? Begins { get; init; }

    /// <summary>Who ordered it by hand; null: nobody did.</summary>
    public string? By { get; init; }

    /// <summary>Of a decision: what it rested on, and what was made of it.</summary>
    public DecisionDetails? Details { get; init; }

    /// <summary>Reasons, one a line.</summary>
    public ImmutableArray<string> Why { get; init; } = [];

    /// <summary>The same, its time in another zone.</summary>
    public JournalEntry In(TimeZoneInfo zone) => this with { At = TimeZoneInfo.ConvertTime(At, zone) };

    /// <summary>What this tells of for budgets and cooldowns, from an entry that a step was begun; null: nothing that they count.</summary>
    public BegunAction? ToAction() => (Begins, Subject?.Split('/', 2)) is ({ } begins, [_, var subject])
        ? new BegunAction(At, begins.Kind, subject, begins.MakesRoomFor ?? begins.From ?? subject, Rule ?? "")
        : null;

    /// <summary>Of an entry that a migration has ended: how; null: it is no such entry, or nobody saw the end.</summary>
    public ActionEnd? ToMigrationEnd() => (Kind, Subject?.Split('/', 2), Outcome) switch
    {
        (JournalKind.Ended, ["vm", var vm], "succeeded") => new ActionEnd(At, vm, ActionPhase.Succeeded, Text),
        (JournalKind.Ended, ["vm", var vm], "failed") => new ActionEnd(At, vm, ActionPhase.Failed, Text),
        (JournalKind.Ended, ["vm", var vm], "in doubt") => new ActionEnd(At, vm, ActionPhase.InDoubt, Text),
        _ => null,
    };
}
