using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>
/// The steps that are waiting or under way, and what follows from them for everyone else: who is busy, what moves, in which state a host
/// is to be taken for. What is asked for often is computed once for each change. Used from the engine's thread only.
/// </summary>
internal sealed class ActiveSteps
{
    private readonly Dictionary<PlanStep, string> _doing = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PlanStep> _begun = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PlanStep> _inDoubt = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _switching = new(StringComparer.Ordinal);
    private (long Version, IReadOnlyDictionary<SubjectRef, string> Busy) _busy = (-1, ImmutableDictionary<SubjectRef, string>.Empty);
    private (long Version, ImmutableDictionary<string, PlannedAction> Hosts) _hosts = (-1, ImmutableDictionary<string, PlannedAction>.Empty);

    public bool IsEmpty => _doing.Count == 0;

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>A migration's VM and its source host, a host being switched; each with what is being done.</summary>
    public IReadOnlyDictionary<SubjectRef, string> Busy
    {
        get
        {
            if (_busy.Version != Version) _busy = (Version, FindBusy());
            return _busy.Busy;
        }
    }

    public ImmutableArray<InFlightMove> Moves => MovesOf(_doing.Keys.Concat(_inDoubt));

    public ImmutableArray<InFlightMove> MovesBegun => MovesOf(_begun.Concat(_inDoubt));

    /// <summary>Hosts that a step switches or is going to, with the action.</summary>
    public ImmutableDictionary<string, PlannedAction> SwitchedHosts
    {
        get
        {
            if (_hosts.Version != Version) _hosts = (Version, FindHosts());
            return _hosts.Hosts;
        }
    }

    public ImmutableArray<BegunAction> Waiting(DateTimeOffset at) =>
        _doing.Count == _begun.Count ? [] : [.. _doing.Keys.Where(s => !_begun.Contains(s)).Select(s => s.Action.Begins(s.Rule, at)).OfType<BegunAction>()];

    public void Add(PlanStep step)
    {
        _doing.Add(step, "waiting for its turn");
        Version++;
    }

    public void Begin(PlanStep step)
    {
        _begun.Add(step);
        Version++;
    }

    public void Remove(PlanStep step)
    {
        _doing.Remove(step);
        _begun.Remove(step);
        Version++;
    }

    /// <summary>A migration whose step is over and of which nobody knows whether it is: until that is settled it counts as under way.</summary>
    public void Doubt(PlanStep step)
    {
        _inDoubt.Add(step);
        Version++;
    }

    public void Settle(PlanStep step)
    {
        _inDoubt.Remove(step);
        Version++;
    }

    /// <summary>Of a step that has ended nothing more is told: an adapter may report progress late.</summary>
    public void Describe(PlanStep step, string doing)
    {
        if (!_doing.ContainsKey(step)) return;
        _doing[step] = doing;
        Version++;
    }

    /// <summary>From here until <see cref="Switched"/> the power of this host is being changed.</summary>
    public void Switching(string host)
    {
        _switching.Add(host);
        Version++;
    }

    public void Switched(string host)
    {
        _switching.Remove(host);
        Version++;
    }

    public HostState StateOf(Host observed) => SwitchedHosts.GetValueOrDefault(observed.Name) switch
    {
        PlannedAction.PowerOff or PlannedAction.Suspend when observed.State == HostState.On => _switching.Contains(observed.Name) ? HostState.PoweringOff : HostState.Draining,
        PlannedAction.Order { Given.IsClosed: true } when observed.State == HostState.On => HostState.Draining,
        PlannedAction.PowerOn when observed.State is HostState.Off or HostState.Unreachable or HostState.On && _switching.Contains(observed.Name) => HostState.PoweringOn,
        _ => observed.State,
    };

    private Dictionary<SubjectRef, string> FindBusy()
    {
        var busy = new Dictionary<SubjectRef, string>();
        foreach (var (step, doing) in _doing)
        {
            switch (step.Action)
            {
                case PlannedAction.Migrate move:
                    busy.TryAdd(SubjectRef.Vm(move.Vm), doing);
                    busy.TryAdd(SubjectRef.Host(move.From), $"vm {move.Vm}: {doing}");
                    break;
                case PlannedAction.Notify or PlannedAction.RunHook:
                    break;
                default:
                    if (step.Action.Subject is { } subject) busy.TryAdd(subject, doing);
                    break;
            }
        }

        return busy;
    }

    private ImmutableDictionary<string, PlannedAction> FindHosts()
    {
        var hosts = ImmutableDictionary.CreateBuilder<string, PlannedAction>(StringComparer.Ordinal);
        foreach (var step in _doing.Keys)
        {
            if (step.Action is PlannedAction.PowerOff or PlannedAction.Suspend or PlannedAction.PowerOn or PlannedAction.Order) hosts.TryAdd(step.Action.Subject!.Value.Name, step.Action);
        }

        return hosts.ToImmutable();
    }

    private static ImmutableArray<InFlightMove> MovesOf(IEnumerable<PlanStep> steps) =>
        [.. steps.Select(s => s.Action).OfType<PlannedAction.Migrate>().Select(m => new InFlightMove(m.Vm, m.From, m.To))];
}
