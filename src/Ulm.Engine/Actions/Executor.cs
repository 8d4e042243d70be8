using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>
/// Carries out plans, several at a time: each step waits for the steps it names, then for a slot, is checked against the facts as
/// they are then, recorded, done, verified and recorded again. All of it runs on the engine's one thread; only ports work elsewhere.
/// </summary>
public sealed class Executor
{
    private readonly StepJournal _journal;
    private readonly TimeProvider _time;
    private readonly MigrationRunner _migrations;
    private readonly MigrationDoubts _doubts;
    private readonly StepAttempts _attempts;
    private readonly BootWatch _boots;
    private readonly HeldVms _held;
    private readonly ActiveSteps _active = new();
    private readonly HashSet<Task> _running = [];
    private long _planned;

    /// <param name="current">The facts as of now, with <see cref="InFlight"/>, <see cref="Moves"/>, <see cref="Held"/> and <see cref="StateOf"/> laid over them.</param>
    public Executor(
        ActionPorts ports, IActionRecorder recorder, HostOrders orders, HostLives lives, TimeProvider time, ExecutorOptions options, PlacementLimits limits, Func<SiteFacts> current)
    {
        (Orders, Lives) = (orders, lives);
        _boots = new BootWatch(ports.Check, lives, time, options, current);
        (_journal, _time) = (new StepJournal(recorder, time), time);
        _held = new HeldVms(options.FailureHold);
        _migrations = new MigrationRunner(ports.Hypervisor, time, options, limits, current, orders, _held, _active);
        _doubts = new MigrationDoubts(_journal, _migrations, _active, Track, End, e => DoubtSettled?.Invoke(e with { Step = e.Step.AsPlanned }));
        var power = new PowerRunner(ports.Hypervisor, ports.Power, orders, lives, _boots, time, options, current, _active, _journal.StopIfHalted, (host, why) => LeftOn?.Invoke(host, why));
        _attempts = new StepAttempts(_journal, _migrations, _doubts, power, new OutsideRunner(ports.Notifier, ports.Hooks, time), orders, _active, History, time, current);
    }

    /// <summary>What hosts are kept in until it is ended.</summary>
    public HostOrders Orders { get; }

    /// <summary>Where hosts are in their lives.</summary>
    public HostLives Lives { get; }

    /// <summary>What was begun, by this run and by those before it.</summary>
    public ActionHistory History { get; } = new();

    /// <summary>Hosts whose order to power on was refused when it was last given. One that took it and did not come up has failed: see <see cref="Lives"/>.</summary>
    public ImmutableHashSet<string> FailedToWake { get; private set; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>A step has ended, however it did. Raised on the engine's thread.</summary>
    public event Action<ActionEvent>? StepEnded;

    /// <summary>A migration that had ended in doubt is settled, or given up. Raised on the engine's thread.</summary>
    public event Action<ActionEvent>? DoubtSettled;

    /// <summary>A host did not go off as it was told to and is left so; with the reason. Raised on the engine's thread.</summary>
    public event Action<string, string>? LeftOn;

    /// <inheritdoc cref="StepJournal.HaltedBecause"/>
    public string? HaltedBecause => _journal.HaltedBecause;

    /// <inheritdoc cref="StepJournal.MayNotActBecause"/>
    public Func<string?> MayNotActBecause
    {
        set => _journal.MayNotActBecause = value;
    }

    /// <summary>How steps ended that the recorder could not keep, in order: to be kept before anything is done again.</summary>
    public IReadOnlyList<ActionEvent> Unrecorded => _journal.Unrecorded;

    /// <summary>Nothing more is begun until <see cref="Resume"/>; what is under way ends as it can.</summary>
    public void Halt(string because) => _journal.Halt(because);

    /// <summary>The recorder keeps again what it is given. Where more could not be kept meanwhile, all stays as it is.</summary>
    /// <param name="kept">Of <see cref="Unrecorded"/> the first so many are kept by now.</param>
    public void Resume(int kept) => _journal.Resume(kept);

    public bool IsIdle => _active.IsEmpty;

    /// <summary>Grows with every change of what is being done.</summary>
    public long Version => _active.Version + Orders.Version + Lives.Version;

    /// <summary>Hosts for which <see cref="StateOf"/> may differ from what was observed.</summary>
    public IReadOnlyCollection<string> HostsApart => 
        Orders.Current.IsEmpty && Lives.Apart.IsEmpty ? [.. _active.SwitchedHosts.Keys] : [.. _active.SwitchedHosts.Keys.Union(Orders.Current.Keys).Union(Lives.Apart)];

    /// <summary>What is being done to whom: a migration's VM and its source host, a host being switched.</summary>
    public IReadOnlyDictionary<SubjectRef, string> InFlight => _active.Busy;

    public ImmutableArray<InFlightMove> Moves => _active.Moves;

    /// <summary>Of <see cref="Moves"/> those that were begun: only of these VMs it is not known where they are.</summary>
    public ImmutableArray<InFlightMove> MovesUnderWay => _active.MovesBegun;

    /// <summary>Steps that were submitted and not begun, as what they will count for.</summary>
    public ImmutableArray<BegunAction> Waiting => _active.Waiting(_time.GetUtcNow());

    public ImmutableDictionary<string, string> Held => _held.At(_time.GetUtcNow());

    /// <summary>How far back <see cref="Remember(ActionEnd)"/> has to be told of migrations.</summary>
    public static TimeSpan FailuresRemembered => HeldVms.Remembered;

    /// <summary>A migration that an earlier run has ended, to be told in the order of time: who failed then is left alone as long as if nobody had been restarted.</summary>
    public void Remember(ActionEnd earlier) => _held.Remember(earlier);

    /// <summary>What it remembers of a time still to come happened by now at the latest.</summary>
    public void ClockWasSetBack(DateTimeOffset now)
    {
        History.ClockWasSetBack(now);
        _held.ClockWasSetBack(now);
    }

    /// <summary>A host's state with what is being done to it laid over what was observed.</summary>
    public HostState StateOf(Host observed) => Lives.StateOf(observed, _active.StateOf(observed) is var doing && doing != observed.State ? doing : Orders.StateOf(observed));

    /// <summary>From here on these constraints hold, also for steps that wait.</summary>
    public void Obey(ConstraintSet constraints)
    {
        _attempts.Constraints = constraints;
        _migrations.Limit(constraints.MigrationLimits);
    }

    /// <summary>Begins a plan. Its hosts to be powered off are closed to newcomers from here on.</summary>
    public void Submit(Plan plan, ConstraintSet constraints, CancellationToken ct)
    {
        Obey(constraints);
        var ends = new Dictionary<int, Task<bool>>();
        foreach (var step in plan.Steps)
        {
            _active.Add(step);
            if (step.Action is PlannedAction.Order { Given: { IsClosed: true } given }) _migrations.Hasten(given.Host);
        }

        foreach (var step in plan.Steps)
        {
            var task = RunAsync(step, plan.Steps.Length + step.Id, _planned++, [.. step.After.Select(id => (id, ends[id]))], ct);
            ends.Add(step.Id, task);
            Track(task);
        }
    }

    /// <inheritdoc cref="MigrationDoubts.AdoptAsync"/>
    public Task<bool> AdoptAsync(PlanStep step, Site site, CancellationToken ct) => _doubts.AdoptAsync(step, site, ct);

    /// <summary>Sees through the boots that nobody does: those that an earlier run began, and hosts that came on by themselves.</summary>
    public void WatchBoots(CancellationToken ct)
    {
        foreach (var host in _boots.Unwatched.Where(h => !_active.SwitchedHosts.ContainsKey(h)).ToList()) Track(WatchAsync(host, ct));
    }

    private async Task WatchAsync(string host, CancellationToken ct)
    {
        try
        {
            await _boots.SeeThroughAsync(host, Lives.Current[host].Since, _ => { }, ct);
        }
        catch (OperationCanceledException)
        {
            // The next run goes on with it.
        }
        catch (RecorderUnavailableException e)
        {
            Halt(e.Message);
        }
    }

    /// <summary>Completes when nothing is under way. More may be submitted meanwhile.</summary>
    public async Task WhenIdleAsync()
    {
        while (_running.Count > 0) await Task.WhenAll(_running.ToArray());
    }

    /// <summary>A step never throws for what may happen to a site; what still comes through is a bug and ends the engine's thread.</summary>
    private async void Track(Task task)
    {
        _running.Add(task);
        await task;
        _running.Remove(task);
    }

    /// <param name="second">The number of the step that tries it elsewhere, if there is to be one.</param>
    private async Task<bool> RunAsync(PlanStep step, int second, long place, ImmutableArray<(int Id, Task<bool> End)> after, CancellationToken ct)
    {
        var attempt = await _attempts.RunAsync(step, step.Elsewhere, place, after, ct);
        var (end, tried) = (attempt.End, attempt.Result);
        if (attempt.Elsewhere is { } target)
        {
            var move = (PlannedAction.Migrate)step.Action;
            var again = step with { Id = second, TriesAgain = step.Id, Action = move with { To = target }, Reason = $"{step.Reason}; {move.To} could not take it" };
            _active.Add(again);
            _active.Remove(step);
            attempt = await _attempts.RunAsync(again, null, place, [], ct);
            end = attempt.End with { Step = again.AsPlanned };
            // Where the second was not begun in the end, it is the first that failed.
            if (attempt.Result is { Phase: not ActionPhase.Refused }) tried = attempt.Result;
            _active.Remove(again);
        }

        if (tried is not null && step.Action is PlannedAction.Migrate moved) _migrations.Remember(moved, tried);
        if (step.Action is PlannedAction.PowerOn on && end is { Phase: ActionPhase.Succeeded or ActionPhase.Failed, Code: null })
            FailedToWake = end.Phase == ActionPhase.Failed && !Lives.HasFailed(on.Host) ? FailedToWake.Add(on.Host) : FailedToWake.Remove(on.Host);
        End(step, end);
        return end.Phase == ActionPhase.Succeeded;
    }

    private void End(PlanStep step, ActionEvent end)
    {
        _active.Remove(step);
        StepEnded?.Invoke(end);
    }
}

/// <summary>What the executor acts through.</summary>
public sealed record ActionPorts(IHypervisor Hypervisor, IHostPower Power, INotifier Notifier, IHookRunner Hooks, IHostCheck Check);
