using System.Collections.Immutable;
using Ulm.Engine.Planning;

namespace Ulm.Server.Api;

/// <summary><c>ulm.plan/1</c>: what one look would do.</summary>
public sealed record PlanDocument(string Schema, ImmutableArray<PlanStepDocument> Steps, ImmutableArray<RefusalDocument> Refused)
{
    public const string SchemaName = "ulm.plan/1";

    public static PlanDocument Of(Plan plan) => new(
        SchemaName,
        [.. plan.Steps.Select(PlanStepDocument.Of)],
        [.. plan.Refused.Select(r => new RefusalDocument(r.Rule, r.Subject, r.CodeText, r.Why))]);
}

/// <param name="Host">Of a power action; a migration has <paramref name="Vm"/>, <paramref name="From"/> and <paramref name="To"/> instead.</param>
public sealed record PlanStepDocument(
    int Id, ImmutableArray<int> After, string Action, string? Vm, string? From, string? To, string? Host, string Rule, string Reason)
{
    public static PlanStepDocument Of(PlanStep step) => step.Action switch
    {
        PlannedAction.Migrate move => new(step.Id, step.After, "migrate", move.Vm, move.From, move.To, null, step.Rule, step.Reason),
        PlannedAction.PowerOff off => new(step.Id, step.After, "powerOff", null, null, null, off.Host, step.Rule, step.Reason),
        PlannedAction.PowerOn on => new(step.Id, step.After, "powerOn", null, null, null, on.Host, step.Rule, step.Reason),
        _ => throw new InvalidOperationException($"action {step.Action.GetType().Name} has no document"),
    };
}

public sealed record RefusalDocument(string Rule, string Subject, string Code, ImmutableArray<string> Why);
