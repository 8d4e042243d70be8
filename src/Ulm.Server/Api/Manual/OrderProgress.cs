using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Server.Api.Manual;

/// <summary>How an order is getting on: <c>ulm.progress/1</c>.</summary>
/// <param name="Over">Nothing more comes of it that is worth waiting for.</param>
/// <param name="Done">All of it was done; false while it is not over.</param>
/// <param name="Says">Once it is over: how it ended.</param>
public sealed record OrderProgress(string Schema, string Decision, bool Over, bool Done, string Says, ImmutableArray<OrderProgress.Step> Steps)
{
    public const string SchemaName = "ulm.progress/1";

    /// <param name="Text">What is to be done.</param>
    /// <param name="Detail">How it is getting on, or how it ended.</param>
    public sealed record Step(int Id, string Text, StepState State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail)
    {
        public bool IsOver => State is not (StepState.Waiting or StepState.UnderWay);
    }

    /// <summary>To be called on the engine's thread.</summary>
    internal static OrderProgress Of(ControlLoop loop, OrderedWork work)
    {
        var facts = loop.FactsNow();
        var steps = work.Steps.Select(s => StepOf(s, work, facts)).ToImmutableArray();
        var (over, done, says) = work.StepsAreOver ? Judge(loop, work, facts) : (false, false, "");
        if (work is { Decision.Ordered: ManualOrder.PowerOff off, Steps.IsEmpty: false }) steps = steps.Add(Switched(steps.Length + 1, off.Host, work, facts, over, done));
        return new OrderProgress(SchemaName, work.Decision.Id, over, done, says, steps);
    }

    private static Step StepOf(PlanStep step, OrderedWork work, SiteFacts facts)
    {
        var text = step.Action.ToString()!;
        if (work.EndOf(step) is { } end)
        {
            var detail = end.Text.StartsWith($"{text}: ", StringComparison.Ordinal) ? end.Text[(text.Length + 2)..] : end.Text;
            return new Step(step.Id, text, end.Phase switch
            {
                ActionPhase.Succeeded => StepState.Succeeded,
                ActionPhase.Refused => StepState.Refused,
                ActionPhase.InDoubt => StepState.InDoubt,
                _ => StepState.Failed,
            }, detail);
        }

        var doing = step.Action.Subject is { } subject ? facts.InFlight.GetValueOrDefault(subject) : null;
        return doing is null or "waiting for its turn" ? new Step(step.Id, text, StepState.Waiting, null) : new Step(step.Id, text, StepState.UnderWay, doing);
    }

    /// <summary>A host goes off once it is empty, by the order that it is under and not by a step of the first plan.</summary>
    private static Step Switched(int id, string host, OrderedWork work, SiteFacts facts, bool over, bool done)
    {
        var doing = facts.InFlight.GetValueOrDefault(SubjectRef.Host(host));
        if (over && !done && facts.MayGoOff.TryGetValue(host, out var told)) return new Step(id, $"power off host {host}", StepState.InDoubt, $"it {told}");
        var state = done ? StepState.Succeeded : over ? StepState.Refused : work.StepsAreOver && doing is not null ? StepState.UnderWay : StepState.Waiting;
        return new Step(id, $"power off host {host}", state, state == StepState.UnderWay ? doing : null);
    }

    private static (bool Over, bool Done, string Says) Judge(ControlLoop loop, OrderedWork work, SiteFacts facts)
    {
        var order = work.Decision.Ordered!;
        var ends = work.Steps.Select(s => work.EndOf(s)!).Where(e => e.Phase != ActionPhase.Succeeded).Select(e => e.Text).ToList();
        return order switch
        {
            ManualOrder.Drain drain => Emptied(loop, work, drain.Host, facts, ends) ?? (true, true, $"host {drain.Host} is empty, and closed{Until(facts, drain.Host)}{Later(work, facts)}"),
            ManualOrder.Maintenance maintenance => Emptied(loop, work, maintenance.Host, facts, ends) ?? (true, true, $"host {maintenance.Host} is empty, and in maintenance{Until(facts, maintenance.Host)}{Later(work, facts)}"),
            ManualOrder.PowerOff off when facts.Site.FindHost(off.Host) is { State: HostState.Off } => (true, true, $"host {off.Host} is off{Until(facts, off.Host)}{Again(facts, off.Host)}"),
            ManualOrder.PowerOff off => Emptied(loop, work, off.Host, facts, ends) ?? Doubted(facts, off.Host) ?? Unmended(loop, off.Host) ?? (false, false, ""),
            ManualOrder.Release release when ends.Count == 0 && facts.MayGoOff.TryGetValue(release.Host, out var told) => (true, true, $"{order}: done; host {release.Host} {told}"),
            ManualOrder.PowerOn on when ends.Count == 0 => (true, true, $"{order}: done{Closed(facts, on.Host)}"),
            _ => ends.Count > 0 ? (true, false, string.Join("; ", ends)) : (true, true, $"{order}: done"),
        };
    }

    /// <summary>Null: it is empty.</summary>
    private static (bool Over, bool Done, string Says)? Emptied(ControlLoop loop, OrderedWork work, string host, SiteFacts facts, List<string> ends)
    {
        if (!facts.Orders.ContainsKey(host)) return (true, false, ends.Count > 0 && !work.Steps.Any(s => s.Action is PlannedAction.Order && work.EndOf(s)!.Phase == ActionPhase.Succeeded) ? string.Join("; ", ends) : $"host {host} was released meanwhile");
        var left = facts.Site.VmsOn(host);
        if (left.IsEmpty) return null;
        if (facts.Moves.Any(m => m.From == host)) return (false, false, "");
        var why = ends.Count > 0 ? ends : Unmended(loop, host) is { } unmended ? [unmended.Says] : [];
        return (true, false, $"{left.Length} VM(s) are left on {host}: {string.Join(", ", left.Take(5).Select(v => v.Name))}. It stays closed, and they go as soon as they can.{(why.Count > 0 ? $" {string.Join("; ", why)}" : "")}");
    }

    /// <summary>Null: it has not been told to go off, or is being told now.</summary>
    private static (bool Over, bool Done, string Says)? Doubted(SiteFacts facts, string host) =>
        facts.MayGoOff.TryGetValue(host, out var told) && !facts.InFlight.ContainsKey(SubjectRef.Host(host)) ? (true, false, $"host {host} {told}; then it is told again") : null;

    private static (bool Over, bool Done, string Says)? Unmended(ControlLoop loop, string host) =>
        loop.Unmended.FirstOrDefault(u => u.Subject == $"host/{host}") is { } refusal ? (true, false, string.Join("; ", refusal.Why)) : null;

    /// <summary>Of the VMs that did not leave by the step that was planned for them: where they went at a later look.</summary>
    private static string Later(OrderedWork work, SiteFacts facts)
    {
        var vms = work.Steps.Where(s => work.EndOf(s)!.Phase != ActionPhase.Succeeded).Select(s => s.Action).OfType<PlannedAction.Migrate>().Select(m => facts.Site.FindVm(m.Vm)).OfType<Vm>();
        return string.Concat(vms.Select(v => $"; vm {v.Name} went to {v.Host} later"));
    }

    /// <summary>Of a host that is off: what it is in once it is on.</summary>
    private static string Again(SiteFacts facts, string host) =>
        facts.Orders.GetValueOrDefault(host)?.Before is { } before ? $", and then {Kept(before)} again until {OrderDocument.Until(before)}" : "";

    /// <summary>Of a host that is on: what keeps VMs from it all the same.</summary>
    private static string Closed(SiteFacts facts, string host) =>
        facts.Orders.GetValueOrDefault(host) is { IsClosed: true, Kind: HostOrderKind.Drained or HostOrderKind.Maintenance } order ? $"; it is {Kept(order)} until {OrderDocument.Until(order)}" : "";

    private static string Kept(HostOrder order) => order.Kind == HostOrderKind.Maintenance ? "in maintenance" : "drained";

    private static string Until(SiteFacts facts, string host) =>
        facts.Orders.GetValueOrDefault(host) is { } order ? $" until {OrderDocument.Until(order)}" : "";
}

public enum StepState
{
    Waiting,
    UnderWay,
    Succeeded,
    Failed,
    Refused,
    InDoubt,
}
