using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Upkeep;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>When wake drills are held, and of whom.</summary>
/// <param name="At">When they begin.</param>
/// <param name="OffFor">Of hosts that have been off for at least this long.</param>
public sealed record WakeDrill(Trigger.At At, TimeSpan OffFor);

/// <summary>
/// Wakes hosts that have been off for long, has them looked over, and powers them off again: better to know on a Sunday that one would not come
/// than on the day it is needed. Closed to VMs all the while. A few at a time, as they draw most when they boot. That a host is in a drill is kept
/// with its life: what a restart falls into is finished after it. Used from the engine's thread only.
/// </summary>
/// <param name="drill">Null: none are held; those that an earlier run began are given up.</param>
internal sealed class WakeDrills(WakeDrill? drill, DueSchedules schedules, Executor executor, JournalWriter journal)
{
    private const int AtOnce = 4;

    private const int LastStep = 2;

    private readonly Queue<string> _toDo = [];
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private DateTimeOffset? _lookedAt;
    private CancellationToken _running;

    /// <summary>Goes on with the drills that the last run began, and begins those that are due. Each is in the journal before anything is done.</summary>
    public async Task LookAsync(SiteFacts facts, TimeZoneInfo zone, Look look, CancellationToken ct)
    {
        _running = ct;
        try
        {
            foreach (var life in facts.Lives.Values.Where(l => l.InDrill && !_underWay.Contains(l.Host)).OrderBy(l => l.Host, StringComparer.Ordinal)) await GoOnAsync(life, facts, look, ct);
            if (CameAt(facts, zone) is { } came)
            {
                if (schedules.IsPast(came, facts.At)) await journal.WriteAsync([DueSchedules.Missed(new ScheduleEvent("wake drill", came), facts.At)], ct);
                else Queue(facts);
            }

            foreach (var host in Due(facts))
                await BeginAsync(Decide(host, facts.At, $"it has been off for {Show.Duration(facts.At - facts.Lives[host].Since)}"), host, woken: false, look, ct);
        }
        catch (StoreUnavailableException e)
        {
            executor.Halt(LoopMemory.WhyHalted(e));
        }
    }

    /// <summary>The last step ends last, however those before it did. One that the end of the server stopped, or of its right to act, is to be finished later.</summary>
    public void StepEnded(ActionEvent end)
    {
        if (end.Step.Id != LastStep || end.Step.Action is not PlannedAction.PowerOff { Host: var host } || !IsDrill(end.Step, host)) return;
        _underWay.Remove(host);
        if (!_running.IsCancellationRequested && executor.HaltedBecause is null) executor.Lives.Note(host, l => l with { InDrill = false });
    }

    /// <summary>Sees to a drill that an earlier run began. While the host boots it is waited for.</summary>
    private async Task GoOnAsync(HostLife life, SiteFacts facts, Look look, CancellationToken ct)
    {
        if (life.Phase is HostPhase.PoweringOn or HostPhase.Booting or HostPhase.PoweringOff or HostPhase.Silent) return;
        var isDone = life.Phase is HostPhase.Off or HostPhase.Failed;
        var against = drill is null ? "no drills are held any more" : facts.Orders.ContainsKey(life.Host) ? "it is under an order" : facts.Site.FindHost(life.Host) is { } host ? facts.HoldOn(host)?.ToString() : "it is not in the inventory any more";
        if (!isDone && against is null)
        {
            await BeginAsync(Decide(life.Host, facts.At, "the server was restarted in the middle of its drill"), life.Host, woken: true, look, ct);
            return;
        }

        if (!isDone)
            await journal.WriteAsync([new JournalEntry(facts.At, JournalKind.Host, $"host {life.Host}: the drill that the server was restarted in is given up, as {against}; it is on like any other host now") { Subject = $"host/{life.Host}" }], ct);
        executor.Lives.Note(life.Host, l => l with { InDrill = false });
    }

    private async Task BeginAsync(Decision decision, string host, bool woken, Look look, CancellationToken ct)
    {
        _underWay.Add(host);
        var off = Step(LastStep, woken ? [] : [1], new PlannedAction.PowerOff(host));
        var plan = new Plan(decision.At, "", woken ? [off] : [Step(1, [], new PlannedAction.PowerOn(host)), off], []);
        await journal.WriteAsync([JournalWriter.Of(decision, TickEntries.Details(decision, plan, look.Policies))], ct);
        executor.Lives.Note(host, l => l with { InDrill = true });
        executor.Submit(plan, look.Constraints, ct);

        PlanStep Step(int id, ImmutableArray<int> after, PlannedAction action) => new(id, after, action, decision.Id, decision.Rule.Name, decision.Reason);
    }

    /// <summary>When the time of drills came last since the look before this; null: it did not, or those of the time before are under way.</summary>
    private DateTimeOffset? CameAt(SiteFacts facts, TimeZoneInfo zone)
    {
        // The first look only starts the clock: what came before it is past.
        var came = drill is not null && _lookedAt is { } last && _toDo.Count == 0 ? MissedSchedules.Last(drill.At, last, facts.At.AddTicks(1), zone) : null;
        _lookedAt = facts.At;
        return came;
    }

    private void Queue(SiteFacts facts)
    {
        foreach (var host in facts.Site.Hosts.Where(h => IsDue(h, facts)).OrderBy(h => facts.Lives[h.Name].Since).ThenBy(h => h.Name, StringComparer.Ordinal)) _toDo.Enqueue(host.Name);
    }

    private IEnumerable<string> Due(SiteFacts facts)
    {
        while (_underWay.Count < AtOnce && _toDo.TryDequeue(out var name))
            if (facts.Site.FindHost(name) is { } host && IsDue(host, facts)) yield return name;
    }

    private bool IsDue(Host host, SiteFacts facts) =>
        host is { State: HostState.Off, HasPowerControl: true } && facts.Lives.GetValueOrDefault(host.Name) is { Phase: HostPhase.Off } life && facts.At - life.Since >= drill!.OffFor
        && !facts.Orders.ContainsKey(host.Name) && facts.HoldOn(host) is null && !facts.InFlight.ContainsKey(host.Ref) && facts.Waiting.All(w => w.Subject != host.Name);

    private static bool IsDrill(PlanStep step, string host) => step.Rule == NameOf(host);

    private static string NameOf(string host) => $"wake drill: host {host}";

    private static Decision Decide(string host, DateTimeOffset at, string because) => SystemRule.Decide(SystemRule.Named(NameOf(host)), SubjectRef.Host(host), at, because, decidedAlready: 0);
}
