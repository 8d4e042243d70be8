using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>
/// Observe, decide, act, remember; again at each polling interval and whenever a schedule comes due. Runs on one thread (see
/// <see cref="EngineThread"/>): its members must be called from there. The same class runs live, and in simulations in virtual time.
/// </summary>
public sealed class ControlLoop
{
    /// <summary>Of these hosts learn how long they take to boot: enough for thousands of them.</summary>
    private const int MostBoots = 20_000;

    private readonly LoopPorts _ports;
    private readonly LoopOptions _options;
    private readonly Freshness _freshness;
    private readonly SiteView _view;
    private readonly Executor _executor;
    private readonly DecisionTracker _tracker;
    private readonly LoopMemory _memory;
    private readonly LookJournal _told;
    private readonly FailedHosts _failed;
    private readonly DueSchedules _schedules;
    private readonly Recommending _recommending;
    private readonly ManualWork _manual;
    private readonly OperatorHolds _operatorHolds;

    /// <summary>Held from the facts that a decision is made on until its steps are known to all others: two that decide at once would not know of one another.</summary>
    private readonly SemaphoreSlim _deciding = new(1, 1);
    private CancellationToken _running;
    private readonly BootTimes _boots = new();
    private readonly WakeDrills? _drills;
    private readonly LeaseKeeper? _lease;
    private readonly TaskCompletionSource _lost = new();
    private IReadOnlyList<Measurement> _derived = [];
    private TaskCompletionSource _wake = new();
    private DateTimeOffset _lastTick = DateTimeOffset.MinValue;
    private DateTimeOffset _actsFrom = DateTimeOffset.MaxValue;
    private (long Tenth, int Count) _decided;

    public ControlLoop(LoopPorts ports, LoopOptions options, PolicySet policies)
    {
        (_ports, _options) = (ports, options);
        _freshness = new Freshness(options.PollingInterval);
        // A server that may only watch or recommend switches nothing by itself.
        _drills = options is { Drill: { } drill, Mode: RuleMode.Enforce } ? new WakeDrills(drill) : null;
        _view = new SiteView(_freshness, _boots);
        _schedules = new DueSchedules(_freshness, options.PollingInterval);
        Journal = new JournalWriter(ports.Store);
        _memory = new LoopMemory(ports.Store);
        _operatorHolds = new OperatorHolds(ports.Store, Journal, ports.Time);
        _executor = new Executor(new ActionPorts(ports.Hypervisor, ports.Power, ports.Notifier, ports.Hooks, ports.Check), Journal, new HostOrders(_memory.SaveOrdersAsync), new HostLives(_memory.SaveLivesAsync), ports.Time, options.Executor, options.Limits, () => FactsNow());
        _executor.StepEnded += OnStepEnded;
        _failed = new FailedHosts(_executor.Lives, ports.Notifier, Journal, ports.Time, () => _view.Site, () => _running);
        _executor.Lives.Moved += _failed.OnMoved;
        _told = new LookJournal(_executor, _failed);
        if (options.Lease is { } lease)
        {
            _lease = new LeaseKeeper(ports.Store, ports.Time, lease);
            _executor.MayNotActBecause = _lease.WhyNot;
        }

        _tracker = new DecisionTracker((rule, subject, at) => Look!.Rules.Rearm(rule, subject, at), options.PollingInterval);
        Look = new Look(policies, options.Limits, options.TimeZone, options.Mode, solver: options.Solver) { KeepsBefore = options.KeepTicks };
        _view.Need(new MetricNeeds(policies, Look.Reads));
        _recommending = new Recommending(new Approvals(options.ApprovalTime), ports.Store, () => FactsNow(), () => Look, Journal, _executor, _tracker, _deciding);
        _manual = new ManualWork(() => FactsNow(), () => Look, WhyNoOrders, Journal, _executor, _deciding);
    }

    public Look Look { get; private set; }

    public JournalWriter Journal { get; }

    public Executor Executor => _executor;

    public IEnumerable<ObservedFault> Faults => _told.Faults;

    /// <summary>The zone in which this policy set's schedules are read.</summary>
    public TimeZoneInfo Zone => Look.Policies.TimeZone ?? _options.TimeZone;

    /// <summary>Completes each time the policy set is replaced; then there is a new one.</summary>
    public TaskCompletionSource PoliciesReplaced { get; private set; } = new();

    /// <summary>How long before its TIME each <c>have N hosts on by TIME</c> fires, by rule; empty before the first look. May be read from any thread.</summary>
    public ImmutableDictionary<string, TimeSpan> Leads => _schedules.Leads;

    /// <summary>Completes whenever <see cref="Leads"/> has changed; then there is a new one.</summary>
    public TaskCompletionSource LeadsChanged => _schedules.LeadsChanged;

    /// <summary>Raised after each look, with the facts it was taken on.</summary>
    public event Action<SiteFacts, LookResult>? Looked;

    /// <summary>Called once this server may act, before it measures anything.</summary>
    public Func<Task>? BeforeFirstLook { get; set; }

    /// <summary>Who may act on the site, as last seen; null: this server is alone.</summary>
    public Lease? Lease => _lease?.Seen;

    /// <summary>Why nothing is done now: the journal can't be written, or another server acts. Null: this one acts.</summary>
    public string? NotActingBecause => _executor.HaltedBecause ?? _lease?.WhyNot();

    public SiteFacts FactsNow(DateTimeOffset? at = null) => FactsAt(at ?? _ports.Time.GetUtcNow());

    private SiteFacts FactsAt(DateTimeOffset at) => _view.Facts(at, _executor, Zone, _operatorHolds.At(at));

    /// <summary>A scheduled rule came due: the loop looks at once.</summary>
    public void Due(ScheduleEvent due)
    {
        _schedules.Add(due);
        _wake.TrySetResult();
    }

    /// <summary>What broke a constraint or an order at the last look, and could not be mended then.</summary>
    public ImmutableArray<Refusal> Unmended => _told.Unmended;

    /// <summary>Plans that wait for approval, the oldest first.</summary>
    public IReadOnlyList<PendingPlan> PendingPlans => _recommending.Pending;

    /// <inheritdoc cref="Recommending.ApproveAsync"/>
    public Task<string?> ApproveAsync(string plan, string by) => _recommending.ApproveAsync(plan, by, _running);

    /// <summary>Why a plan can't be approved now; null: it can.</summary>
    public string? WhyNotApproved(string plan) => _recommending.WhyNot(plan);

    /// <inheritdoc cref="Recommending.RejectAsync"/>
    public Task<string?> RejectAsync(string plan, string by, string? reason = null) => _recommending.RejectAsync(plan, by, reason, _running);

    /// <summary>Leaves a host or VM as it is until the hold's end, or until it is ended.</summary>
    /// <exception cref="StoreUnavailableException">It can't be kept, and does not hold.</exception>
    public Task HoldAsync(OperatorHold hold) => InTurnAsync(() => _operatorHolds.SetAsync(hold, _running));

    /// <exception cref="StoreUnavailableException">It can't be kept, and the hold goes on.</exception>
    public Task EndHoldAsync(OperatorHold hold, string by, string? because) => InTurnAsync(() => _operatorHolds.EndAsync(hold, by, because, _running));

    private Task InTurnAsync(Func<Task> work) => InTurnAsync(async () =>
    {
        await work();
        return true;
    });

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        await _deciding.WaitAsync(_running);
        try
        {
            return await work();
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>What was ordered by hand lately, the oldest first.</summary>
    public IReadOnlyList<OrderedWork> OrderedByHand => _manual.Work;

    /// <inheritdoc cref="ManualWork.OrderAsync"/>
    public Task<OrderAnswer> OrderAsync(ManualOrder order, string by, string? because, bool dryRun = false) => _manual.OrderAsync(order, by, because, dryRun, _running);

    /// <summary>A person says that a host that failed to wake may be counted on again. One that is on is looked over first, as after a wake.</summary>
    /// <param name="by">Who says so, for the journal.</param>
    /// <returns>Why not; null: done.</returns>
    /// <exception cref="RecorderUnavailableException">It can't be kept.</exception>
    /// <exception cref="StoreUnavailableException">The journal can't take it.</exception>
    public Task<string?> ClearAsync(string host, string by) => InTurnAsync(() => _failed.ClearAsync(host, by));

    /// <summary>Swaps in a new policy set. Rules that mean the same keep their clocks.</summary>
    public void ReplacePolicies(PolicySet policies)
    {
        var next = new Look(policies, _options.Limits, _options.TimeZone, _options.Mode, Look, _options.Solver) { KeepsBefore = _options.KeepTicks };
        _view.Need(new MetricNeeds(policies, next.Reads));
        next.Feed(FactsNow());
        next.Rules.RestoreHolds(Look.Rules.SaveHolds(), TimeSpan.Zero);
        Look = next;
        _executor.Obey(next.Constraints);
        _schedules.NoteLeads(policies, FactsNow());
        var replaced = PoliciesReplaced;
        PoliciesReplaced = new TaskCompletionSource();
        replaced.TrySetResult();
    }

    /// <summary>Runs until cancelled. Steps that are under way then are aborted and recorded before it returns.</summary>
    /// <remarks>With a lease it first waits until it has it, and gives it back in the end.</remarks>
    /// <exception cref="StoreUnavailableException">The journal can't be written at the start: nothing would ever be done.</exception>
    /// <exception cref="LeaseLostException">Another server has taken over.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        _running = ct;
        if (_lease is null)
        {
            await RunAloneAsync(ct);
            return;
        }

        try
        {
            await _lease.TakeAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        if (_lease.OthersLast is { } last) _schedules.ForgetUntil(last);
        using var over = new CancellationTokenSource();
        var keeping = KeepLeaseAsync(over.Token);
        await RunAloneAsync(ct);
        over.Cancel();
        await keeping;
        await _lease.GiveBackAsync();
    }

    private async Task KeepLeaseAsync(CancellationToken ct)
    {
        try
        {
            await _lease!.KeepAsync(ct);
        }
        catch (OperationCanceledException)
        {
        }
        catch (LeaseLostException e)
        {
            _executor.Halt(e.Message);
            _lost.TrySetException(e);
            _wake.TrySetResult();
        }
    }

    private async Task RunAloneAsync(CancellationToken ct)
    {
        if (BeforeFirstLook is { } first) await first();
        var saved = await _ports.Store.LoadHoldsAsync(ct);
        var unfinished = await _ports.Store.UnfinishedAsync(ct);
        _executor.Orders.Restore(await _ports.Store.LoadOrdersAsync(ct));
        await _operatorHolds.RestoreAsync(ct);
        await _recommending.TellDroppedAsync(ct);
        _executor.Lives.Restore(await _ports.Store.LoadLivesAsync(ct));
        foreach (var begun in await _ports.Store.BegunSinceAsync(_ports.Time.GetUtcNow() - ActionHistory.Kept, ct))
            if (begun.ToAction() is { } action) _executor.History.Add(action);
        foreach (var boot in await _ports.Store.BootsAsync(MostBoots, ct)) _boots.Learn(boot);
        _view.Remember(await _ports.Store.LoadSamplesAsync(_view.Wishes(_ports.Time.GetUtcNow()), ct));
        if (saved is not null) _schedules.AddMissed(Look.Policies, saved.At, _ports.Time.GetUtcNow(), Zone);
        var next = OnGrid(_ports.Time.GetUtcNow());
        _actsFrom = _ports.Time.GetUtcNow() + _options.PollingInterval;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await TickAsync(next, saved, unfinished, ct);
                (saved, unfinished) = (null, []);
                next = await SleepAsync(next, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }

        await _executor.WhenIdleAsync();
    }

    /// <summary>Polls fall on whole multiples of the interval, so that schedules, which do too, are decided on figures of that instant.</summary>
    private DateTimeOffset OnGrid(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % _options.PollingInterval.Ticks, TimeSpan.Zero);

    /// <summary>Waits for the next polling interval, or for a schedule; the instants stay on one grid so that <c>for</c> counts whole intervals.</summary>
    private async Task<DateTimeOffset> SleepAsync(DateTimeOffset last, CancellationToken ct)
    {
        // A clock that was set back must not mean that nobody looks until it has caught up.
        var now = _ports.Time.GetUtcNow();
        var next = OnGrid(now) + _options.PollingInterval;
        while (true)
        {
            now = _ports.Time.GetUtcNow();
            if (now >= next) return next;
            if (MayAct(now) && _schedules.HasAnyBy(now))
            {
                await TickAsync(now, null, [], ct);
                continue;
            }

            if (_wake.Task.IsCompleted) _wake = new TaskCompletionSource();
            using var sleep = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(_ports.Time.WaitAsync(next - now, sleep.Token), _wake.Task);
            sleep.Cancel();
            // What is under way is left to the server that has taken over: it is begun in the journal, and libvirt goes on with it.
            if (_lost.Task.IsFaulted) await _lost.Task;
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task TickAsync(DateTimeOffset at, SavedHolds? saved, IReadOnlyList<JournalEntry> unfinished, CancellationToken ct)
    {
        var begun = _ports.Time.GetUtcNow();
        var observation = await _ports.Observer.ObserveAsync(Look.Reads, ct);
        if (at < _lastTick) at = _lastTick;
        var unseen = at - _lastTick;
        _lastTick = at;
        foreach (var host in unfinished.Select(Recovery.PowerOffOf).OfType<string>()) _view.MayGoOff(host, at);
        var nobodys = new List<JournalEntry>();
        foreach (var step in unfinished)
            if (Recovery.MigrationOf(step) is not { } migration || !await _executor.AdoptAsync(migration, observation.Site, ct)) nobodys.Add(step);
        _view.Take(observation, begun, at, _executor.MovesUnderWay);
        // Before anybody else looks: a host that came on by itself is not to be taken for one that is on.
        _executor.Lives.Look(FactsNow(at));
        await _deciding.WaitAsync(ct);
        try
        {
            if (!await DecideAsync(at, unseen, observation.Faults, saved, nobodys, ct)) return;
        }
        finally
        {
            _deciding.Release();
        }

        await _memory.SaveSamplesAsync([.. observation.Measurements, .. _derived], new SavedHolds(at, Look.Rules.SaveHolds()), ct);
    }

    /// <returns>False: the journal could not be written, and nothing is done until it can.</returns>
    private async Task<bool> DecideAsync(DateTimeOffset at, TimeSpan unseen, ImmutableArray<ObservedFault> faults, SavedHolds? saved, IReadOnlyList<JournalEntry> unfinished, CancellationToken ct)
    {
        var facts = FactsNow(at);
        _derived = _view.KeepDerived(facts);
        if (saved is not null)
        {
            Look.Feed(facts);
            Look.Rules.RestoreHolds(saved.Holds, at - saved.At);
            _tracker.Restored(saved.Holds, Look.Policies, at);
        }

        else if (unseen > _freshness.Limit && unseen < at - DateTimeOffset.MinValue)
        {
            // The server itself was stopped meanwhile: as after a restart, time in which nothing was measured counts for nothing.
            Look.Rules.RestoreHolds(Look.Rules.SaveHolds(), unseen);
        }

        var mayAct = MayAct(at);
        _schedules.NoteLeads(Look.Policies, facts);
        if (_executor.HaltedBecause is not null) _schedules.ForgetAll();
        var (due, missed) = mayAct ? _schedules.Take(Look.Policies, facts, Zone) : ([], []);
        var (already, sequence) = (DecidedAt(at), Journal.LastSequence);
        var result = Look.At(facts, due, mayAct, already);
        _decided.Count += result.Decisions.Length + result.Plan.Upkeep.Length;
        Looked?.Invoke(facts, result);

        var entries = _told.Of(result, facts, unfinished, missed, faults, Look.Policies);
        var (recommended, withdrawn) = _recommending.Take(result, facts);
        entries.AddRange(recommended);
        try
        {
            if (_executor.HaltedBecause is not null) await _memory.SaveOrdersAsync([.. _executor.Orders.Current.Values.OrderBy(o => o.Host, StringComparer.Ordinal)], ct);
            await _operatorHolds.ForgetOverAsync(at, ct);
            await _executor.Lives.SaveAsync(ct);
            await Journal.WriteAsync(entries, ct);
            await _recommending.SaveAsync(ct);
        }
        catch (Exception e) when (e is StoreUnavailableException or RecorderUnavailableException)
        {
            _executor.Halt($"nothing is done until the journal can be written again: {(e.InnerException is StoreUnavailableException store ? store : e).Message}");
            // What fired now is neither done nor refused: it fires again once something can be done.
            _tracker.NotDone([.. result.Decisions, .. withdrawn.SelectMany(w => w.Decisions)], at);
            return false;
        }

        _told.Written();
        _executor.WatchBoots(ct);
        foreach (var plan in withdrawn) _tracker.NotDone(plan.Decisions, at);
        _tracker.Began(result, at);
        _executor.Submit(result.Plan, Look.Constraints, ct);
        if (result is { Before: { } before } && mayAct && result.Decisions.Length + result.Plan.Upkeep.Length > 0)
            await _memory.SaveTickAsync(Replay.Record(Look, before, facts, due, already, _options.Limits, sequence), Look.Policies, ct);
        if (mayAct && _drills is not null) await DrillAsync(_drills, ct);
        return true;
    }

    /// <summary>Wakes hosts that have been off for long, to see whether they still would. Each drill is a decision of its own.</summary>
    private async Task DrillAsync(WakeDrills drills, CancellationToken ct)
    {
        foreach (var (decision, plan) in drills.Begin(FactsNow(_lastTick), Zone))
        {
            try
            {
                await Journal.WriteAsync([JournalWriter.Of(decision)], ct);
            }
            catch (StoreUnavailableException e)
            {
                _executor.Halt($"nothing is done until the journal can be written again: {e.Message}");
                return;
            }

            _executor.Submit(plan, Look.Constraints, ct);
        }
    }

    /// <summary>How many decisions were made within this tenth of a second, which is how finely they are named.</summary>
    private int DecidedAt(DateTimeOffset at)
    {
        var tenth = at.UtcTicks / (TimeSpan.TicksPerSecond / 10);
        if (_decided.Tenth != tenth) _decided = (tenth, 0);
        return _decided.Count;
    }

    /// <summary>After a start nothing acts before a whole polling interval has passed: until then polls only start clocks, and schedules wait.</summary>
    private bool MayAct(DateTimeOffset at) => NotActingBecause is null && at >= _actsFrom;

    private string? WhyNoOrders() =>
        NotActingBecause is { } halted ? halted
        : _ports.Time.GetUtcNow() < _actsFrom ? $"nothing is done before a whole polling interval ({Show.Duration(_options.PollingInterval)}) has passed since the start"
        : _options.Mode == RuleMode.Observe ? "the server only observes (mode = \"observe\")"
        : null;

    private void OnStepEnded(ActionEvent end)
    {
        if (end is { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.Migrate move }) _view.Moved(new PlannedMove(move.Vm, move.To), end.At);
        if (end is { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.PowerOn on } && _executor.History.LastPowerOnOf(on.Host) is { } begun) _boots.Learn(new Boot(on.Host, end.At - begun));
        if (end is { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.PowerOff or PlannedAction.Suspend }) _view.SwitchedOff(end.Step.Action.Subject!.Value.Name, end.At);
        if (end is { Phase: ActionPhase.Failed or ActionPhase.InDoubt, Step.Action: PlannedAction.PowerOff or PlannedAction.Suspend } tried) _view.MayGoOff(tried.Step.Action.Subject!.Value.Name, end.At);
        _tracker.Ended(end);
        _manual.StepEnded(end);
        _drills?.StepEnded(end);
    }
}
