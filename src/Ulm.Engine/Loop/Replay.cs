using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>Takes a look again that is kept in the journal. The same comes of it: decisions by the same names and reasons, the same steps, the same refusals.</summary>
public static class Replay
{
    /// <param name="policies">That were in force then.</param>
    /// <param name="begun">Entries of steps begun within the time that budgets look back on.</param>
    public static LookResult Of(TickRecord tick, PolicySet policies, IEnumerable<JournalEntry> begun)
    {
        var history = new ActionHistory();
        foreach (var action in begun.Where(e => e.Sequence <= tick.Sequence).Select(e => e.ToAction()).OfType<BegunAction>()) history.Add(action);
        history.ClockWasSetBack(tick.Facts.At);
        var facts = tick.Facts.ToFacts(history);
        var look = new Look(policies, new PlacementLimits(tick.CpuLimit, tick.MemoryLimit), facts.Zone, tick.ServerMode);
        look.Feed(facts);
        look.Restore(tick.Holds, [.. from going in tick.GoingOn
                                     from rule in policies.Rules.Where(r => r.Name == going.Rule).Take(1)
                                     select new Decision(going.Id, rule, going.Subject, going.At, going.Reason) { Mode = going.Mode }]);
        return look.At(facts, tick.Due, mayAct: true, tick.DecidedAlready);
    }

    internal static TickRecord Record(Look look, LookState before, SiteFacts facts, IEnumerable<Schedules.ScheduleEvent> due, int decidedAlready, PlacementLimits limits, long sequence) => new(
        sequence, look.Policies.Hash, look.ServerMode, limits.CpuPercent, limits.MemoryPercent,
        FactsRecord.Of(facts, look.Reads, PolicyQuantities.Of(look.Policies).OfType<Quantity.OverTime>().Select(Fact.OverTime.Of).Distinct()),
        before.Holds, [.. due], [.. before.GoingOn.Select(d => new TickRecord.Going(d.Id, d.Rule.Name, d.Subject, d.At, d.Reason, d.Mode))], decidedAlready);
}

/// <summary>What a look knows from those before it.</summary>
internal sealed record LookState(ImmutableArray<Rules.SavedHold> Holds, ImmutableArray<Decision> GoingOn);
