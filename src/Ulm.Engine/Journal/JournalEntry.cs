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

    /// <summary>Of a refusal: <c>ULM6203</c>. Of an ended step: <c>succeeded</c>, <c>failed</c>, <c>in doubt</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Who ordered it by hand; null: nobody did.</summary>
    public string? By { get; init; }

    /// <summary>Of a decision: what it rested on, and what was made of it.</summary>
    public DecisionDetails? Details { get; init; }

    /// <summary>Reasons, one a line.</summary>
    public ImmutableArray<string> Why { get; init; } = [];

    /// <summary>The same, its time in another zone.</summary>
    public JournalEntry In(TimeZoneInfo zone) => this with { At = TimeZoneInfo.ConvertTime(At, zone) };

    /// <summary>What this tells of for budgets and cooldowns, from an entry that a step was begun; null: nothing that they count.</summary>
    public BegunAction? ToAction() => (Kind, Subject?.Split('/', 2)) switch
    {
        (JournalKind.Begun, ["vm", var vm]) => new BegunAction(At, BegunKind.Move, vm, SourceOf(vm), Rule ?? ""),
        (JournalKind.Begun, ["host", var host]) when Text.StartsWith(new PlannedAction.PowerOff(host).ToString(), StringComparison.Ordinal) || Text.StartsWith(new PlannedAction.Suspend(host).ToString(), StringComparison.Ordinal) => new BegunAction(At, BegunKind.PowerOff, host, host, Rule ?? ""),
        (JournalKind.Begun, ["host", var host]) when Text.StartsWith(new PlannedAction.PowerOn(host).ToString(), StringComparison.Ordinal) => new BegunAction(At, BegunKind.PowerOn, host, host, Rule ?? ""),
        (JournalKind.Begun, ["host", var host]) when Closing.Any(kind => Text.StartsWith(new HostOrder(host, kind, HostOrderPhase.Closed, "", At).ToString(), StringComparison.Ordinal)) => new BegunAction(At, BegunKind.Close, host, host, Rule ?? ""),
        _ => null,
    };

    /// <summary>Orders by which a host is emptied.</summary>
    private static readonly HostOrderKind[] Closing = [HostOrderKind.Drained, HostOrderKind.Maintenance, HostOrderKind.ShutDown];

    /// <summary>Of an entry that a migration has ended: how; null: it is no such entry, or nobody saw the end.</summary>
    public ActionEnd? ToMigrationEnd() => (Kind, Subject?.Split('/', 2), Outcome) switch
    {
        (JournalKind.Ended, ["vm", var vm], "succeeded") => new ActionEnd(At, vm, ActionPhase.Succeeded, Text),
        (JournalKind.Ended, ["vm", var vm], "failed") => new ActionEnd(At, vm, ActionPhase.Failed, Text),
        (JournalKind.Ended, ["vm", var vm], "in doubt") => new ActionEnd(At, vm, ActionPhase.InDoubt, Text),
        _ => null,
    };

    private string SourceOf(string vm) => Text.StartsWith($"migrate vm {vm} from ", StringComparison.Ordinal) ? Text[$"migrate vm {vm} from ".Length..].Split(' ')[0] : "";
}
