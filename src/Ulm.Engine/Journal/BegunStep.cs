using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Journal;

/// <summary>What a begun step does, for those that don't read words: budgets and cooldowns count it, and a restart takes it up.</summary>
public sealed record BegunStep(BegunKind Kind)
{
    /// <summary>Of a move.</summary>
    public string? From { get; init; }

    /// <inheritdoc cref="From"/>
    public string? To { get; init; }

    /// <inheritdoc cref="PlannedAction.Migrate.MakesRoomFor"/>
    public string? MakesRoomFor { get; init; }

    public Urgency Urgency { get; init; }

    /// <returns>Null: nothing that anybody counts or takes up.</returns>
    public static BegunStep? Of(PlanStep step) => step.Action.Begins(step.Rule, default) is not { } begun ? null
        : step.Action is PlannedAction.Migrate move ? new BegunStep(begun.Kind) { From = move.From, To = move.To, MakesRoomFor = move.MakesRoomFor, Urgency = step.Urgency }
        : new BegunStep(begun.Kind) { Urgency = step.Urgency };
}
