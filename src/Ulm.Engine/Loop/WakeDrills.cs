using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;
using Ulm.Engine.Planning.Upkeep;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>When wake drills are held, and of whom.</summary>
/// <param name="At">When they begin.</param>
/// <param name="OffFor">Of hosts that have been off for at least this long.</param>
public sealed record WakeDrill(Trigger.At At, TimeSpan OffFor);

/// <summary>
/// Wakes hosts that have been off for long, has them looked over, and powers them off again: better to know on a Sunday that one would not come
/// than on the day it is needed. Closed to VMs all the while. A few at a time, as they draw most when they boot. Used from the engine's thread only.
/// </summary>
internal sealed class WakeDrills(WakeDrill drill)
{
    private const int AtOnce = 4;

    private readonly Queue<string> _toDo = [];
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private DateTimeOffset? _lookedAt;

    /// <summary>Begins the drills that are due. Each is a decision of its own, in the journal before anything is done.</summary>
    public async Task BeginAsync(SiteFacts facts, TimeZoneInfo zone, JournalWriter journal, Executor executor, ConstraintSet constraints, CancellationToken ct)
    {
        try
        {
            foreach (var (decision, plan) in Due(facts, zone))
            {
                await journal.WriteAsync([JournalWriter.Of(decision)], ct);
                executor.Submit(plan, constraints, ct);
            }
        }
        catch (StoreUnavailableException e)
        {
            executor.Halt(LoopMemory.WhyHalted(e));
        }
    }

    private IEnumerable<(Decision Decision, Plan Plan)> Due(SiteFacts facts, TimeZoneInfo zone)
    {
        // The first look only starts the clock: what came before it is past.
        if (_lookedAt is { } last && ScheduleCalculator.Next(drill.At, last, zone) <= facts.At && _toDo.Count == 0)
            foreach (var host in facts.Site.Hosts.Where(h => IsDue(h, facts)).OrderBy(h => facts.Lives[h.Name].Since).ThenBy(h => h.Name, StringComparer.Ordinal)) _toDo.Enqueue(host.Name);
        _lookedAt = facts.At;
        while (_underWay.Count < AtOnce && _toDo.TryDequeue(out var name))
        {
            if (facts.Site.FindHost(name) is not { } host || !IsDue(host, facts)) continue;
            var decision = SystemRule.Decide(SystemRule.Named($"wake drill: host {name}"), host.Ref, facts.At, $"it has been off for {Show.Duration(facts.At - facts.Lives[name].Since)}", decidedAlready: 0);
            _underWay.Add(decision.Id);
            yield return (decision, new Plan(facts.At, "", [Step(1, [], new PlannedAction.PowerOn(name)), Step(2, [1], new PlannedAction.PowerOff(name))], []));

            PlanStep Step(int id, ImmutableArray<int> after, PlannedAction action) => new(id, after, action, decision.Id, decision.Rule.Name, decision.Reason);
        }
    }

    /// <summary>The second step ends last, however the first did.</summary>
    public void StepEnded(ActionEvent end)
    {
        if (end.Step.Id == 2) _underWay.Remove(end.Step.Decision);
    }

    private bool IsDue(Host host, SiteFacts facts) =>
        host is { State: HostState.Off, HasPowerControl: true } && facts.Lives.GetValueOrDefault(host.Name) is { Phase: HostPhase.Off } life && facts.At - life.Since >= drill.OffFor
        && !facts.Orders.ContainsKey(host.Name) && facts.HoldOn(host) is null && !facts.InFlight.ContainsKey(host.Ref) && facts.Waiting.All(w => w.Subject != host.Name);
}
