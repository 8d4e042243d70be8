using CsCheck;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Journal;

/// <summary>Budgets, cooldowns and a restart know of what was begun what the plan knew of it.</summary>
public class BegunStepTests
{
    private static readonly string[] Names = ["a", "h1", "h10", "to", "from", "vm with blanks", "x (y: z)"];

    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);

    private static readonly Gen<PlannedAction> Actions = Gen.OneOf<PlannedAction>(
        Gen.Select(Name, Name, Name, Gen.Bool).Select(x => (PlannedAction)new PlannedAction.Migrate(x.Item1, x.Item2, x.Item3) { MakesRoomFor = x.Item4 ? "h9" : null }),
        Name.Select(h => (PlannedAction)new PlannedAction.PowerOff(h)),
        Name.Select(h => (PlannedAction)new PlannedAction.PowerOn(h)),
        Name.Select(h => (PlannedAction)new PlannedAction.Suspend(h)),
        Name.Select(h => (PlannedAction)new PlannedAction.Release(h)),
        Gen.Select(Name, Gen.Enum<HostOrderKind>(), Gen.Enum<HostOrderPhase>(), Gen.Bool).Select(x => (PlannedAction)new PlannedAction.Order(new HostOrder(x.Item1, x.Item2, x.Item3, "rule", Some.Monday) { Resumed = x.Item4 })));

    private static readonly Gen<PlanStep> Steps = Gen.Select(Actions, Gen.Enum<Urgency>(), Gen.Int[1, 99]).Select(x => new PlanStep(x.Item3, [], x.Item1, "d1", "rule", "because") { Urgency = x.Item2 });

    [Fact]
    public void What_is_counted_of_an_entry_is_what_the_plan_counted() => Steps.Sample(step =>
        Assert.Equal(step.Action.Begins("rule", Some.Monday), Entry(step, ActionPhase.Begun).ToAction()));

    [Fact]
    public void A_restart_can_take_up_the_migration_that_was_begun() => Steps.Where(s => s.Action is PlannedAction.Migrate).Sample(step =>
    {
        var begins = Entry(step, ActionPhase.Begun).Begins!;
        Assert.Equal(step.Action, new PlannedAction.Migrate(((PlannedAction.Migrate)step.Action).Vm, begins.From!, begins.To!) { MakesRoomFor = begins.MakesRoomFor });
        Assert.Equal(step.Urgency, begins.Urgency);
    });

    [Fact]
    public void Only_what_is_begun_counts() => Steps.Sample(step =>
        Assert.All(Enum.GetValues<ActionPhase>().Where(p => p != ActionPhase.Begun), phase => Assert.Null(Entry(step, phase).ToAction())));

    private static JournalEntry Entry(PlanStep step, ActionPhase phase) => JournalWriter.Of(new ActionEvent(Some.Monday, step, phase, step.Action.ToString()!, null));
}
