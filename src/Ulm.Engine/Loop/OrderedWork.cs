using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>The steps of an order that was given by hand, and how they ended. Used from the engine's thread only.</summary>
public sealed class OrderedWork(Decision decision, ImmutableArray<PlanStep> steps)
{
    private readonly Dictionary<int, ActionEvent> _ends = [];

    public Decision Decision => decision;

    public ImmutableArray<PlanStep> Steps => steps;

    /// <summary>Null: it waits, or is under way.</summary>
    public ActionEvent? EndOf(PlanStep step) => _ends.GetValueOrDefault(step.Id);

    public bool StepsAreOver => _ends.Count == steps.Length;

    internal void Ended(ActionEvent end) => _ends[end.Step.Id] = end;
}
