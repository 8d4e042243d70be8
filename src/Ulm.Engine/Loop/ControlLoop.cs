using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
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
    private readonly LoopPorts _ports;
    private readonly LoopOptions _options;
    private readonly Freshness _freshness;
    private readonly SiteView _view;
    private readonly Measuring _measuring;
    private readonly Executor _executor;
    private readonly DecisionTracker _tracker;
    private readonly LoopMemory _memory;
    private readonly LookJournal _told;
    private readonly DueSchedules _schedules;
    private readonly Recommending _recommending;
    private readonly ManualWork _manual;
    private readonly OperatorHolds _operatorHolds;
    private readonly DecisionTurn _turn = new();
    private readonly DecisionCount _decided = new();
    private readonly LookPace _pace;
    private readonly BootTimes _boots = new();
    private readonly WakeDrills _drills;
    private readonly LeaseKeeper? _lease;
    private readonly Permission _permission;

    private CancellationToken _running;

    public ControlLoop(LoopPorts ports, LoopOptions options, PolicySet policies)
    {
        (_ports, _options) = (ports, options);
        _freshness = new Freshness(options.PollingInterval);
        _pace = new LookPace(ports.Time, options.PollingInterval);
        _view = new SiteView(_freshness, _boots, options.MayGoOffFor, ports.Time);
        _schedules = new DueSchedules(_freshness, options.PollingInterval);
        Journal = new JournalWriter(ports.Store);
        _memory = new LoopMemory(ports.Store);
        _operatorHolds = new OperatorHolds(ports.Store, Journal, ports.Time);
        _executor = new Executor(new ActionPorts(ports.Hypervisor, ports.Power, ports.Notifier, ports.Hooks, ports.Check), Journal, new HostOrders(_memory.SaveOrdersAsync), new HostLives(_memory.SaveLivesAsync), ports.Time, options.Executor, options.Limits, () => FactsNow());
        _executor.StepEnded += OnStepEnded;
        _executor.DoubtSettled += OnDoubtSettled;
        // A server that may only watch or recommend switches nothing by itself.
        _drills = new WakeDrills(options.Mode == RuleMode.Enforce ? options.Drill : null, _schedules, _executor, Journal);
        _measuring = new Measuring(ports.Observer, _view, _executor, _freshness, at => FactsNow(at));
        var people = new PeopleTold(ports.Notifier, ports.Time, () => _running);
        _executor.LeftOn += (host, why) => people.Of(host, "is left on", why, $"host {host} was to be powered off and is left on: {why}");
        var failed = new FailedHosts(_executor.Lives, people, Journal, ports.Time, () => _view.Site, () => _running);
        _executor.Lives.Moved += failed.OnMoved;
        if (options.Lease is { } lease)
        {
            _lease = new LeaseKeeper(ports.Store, ports.Time, lease);
            _lease.Lost += OnLeaseLost;
            _lease.StandsBy += because => StandsBy?.Invoke(because);
            _executor.MayNotActBecause = _lease.WhyNot;
        }

        _permission = new Permission(_executor, _lease, options, ports.Time);
        _tracker = new DecisionTracker((rule, subject, at, end) => Look!.Rules.Rearm(rule, subject, at, end), options.PollingInterval);
        Look = new Look(policies, options.Limits, options.TimeZone, options.Mode, planning: options.Planner) { KeepsBefore = options.KeepTicks };
        _view.Need(new MetricNeeds(policies, Look.Reads));
        _recommending = new Recommending(new Approvals(options.ApprovalTime), ports.Store, () => FactsNow(), () => Look, () => _permission.NotActingBecause, Journal, _executor, _tracker, _turn);
        _told = new LookJournal(_executor, people, Journal, _operatorHolds, _recommending);
        _manual = new ManualWork(() => FactsNow(), () => Look, _permission.WhyNoOrders, Journal, _executor, _turn);
        Operators = new OperatorDesk(_manual, _recommending, _operatorHolds, failed, _executor, _turn, () => _running);
    }

    public Look Look { get; private set; }

    public JournalWriter Journal { get; }

    public Executor Executor => _executor;

    /// <summary>What people ask of it.</summary>
    public OperatorDesk Operators { get; }

    public IEnumerable<ObservedFault> Faults => _told.Faults;

    /// <summary>What broke a constraint or an order at the last look, and could not be mended then.</summary>
    public ImmutableArray<Refusal> Unmended => _told.Unmended;

    /// <summary>The zone in which this policy set's schedules are read.</summary>
    public TimeZoneInfo Zone => Look.Policies.TimeZone ?? _options.TimeZone;

    /// <summary>Completes each time all schedules have to be reckoned anew, as the policy set was replaced or the clock set back; then there is a new one.</summary>
    public TaskCompletionSource SchedulesReset { get; private set; } = new();

    /// <summary>How long before its TIME each <c>have N hosts on by TIME</c> fires, by rule; empty before the first look. May be read from any thread.</summary>
    public ImmutableDictionary<string, TimeSpan> Leads => _schedules.Leads;

    /// <summary>Completes whenever <see cref="Leads"/> has changed; then there is a new one.</summary>
    public TaskCompletionSource LeadsChanged => _schedules.LeadsChanged;

    /// <summary>Raised after each look, with the facts it was taken on.</summary>
    public event Action<SiteFacts, LookResult>? Looked;

    /// <summary>Another server acts, and this one waits; with the reason.</summary>
    public event Action<string>? StandsBy;

    /// <summary>Why this server knows nothing of the site and takes no orders; null: it acts, or did.</summary>
    public string? StandsByBecause => _lease?.StandsByBecause;

    /// <summary>Called once this server may act, before it measures anything.</summary>
    public Func<Task>? BeforeFirstLook { get; set; }

    /// <summary>Who may act on the site, as last seen; null: this server is alone.</summary>
    public Lease? Lease => _lease?.Seen;

    /// <summary>Why nothing is done now: the journal can't be written, or another server acts. Null: this one acts.</summary>
    public string? NotActingBecause => _permission.NotActingBecause;

    public SiteFacts FactsNow(DateTimeOffset? at = null)
    {
        // In the site's zone: what is told of an instant is told in it, everywhere.
        var then = TimeZoneInfo.ConvertTime(at ?? _ports.Time.GetUtcNow(), Zone);
        return _view.Facts(then, _executor, Zone, _operatorHolds.At(then));
    }

    /// <summary>A scheduled rule came due: the loop looks at once.</summary>
    public void Due(ScheduleEvent due)
    {
        _schedules.Add(due);
        _pace.Wake();
    }

    /// <summary>Swaps in a new policy set. Rules that mean the same keep their clocks.</summary>
    public void ReplacePolicies(PolicySet policies)
    {
        var next = new Look(policies, _options.Limits, _options.TimeZone, _options.Mode, Look, _options.Planner) { KeepsBefore = _options.KeepTicks };
        _view.Need(new MetricNeeds(policies, next.Reads));
        next.Feed(FactsNow());
        next.Rules.RestoreHolds(Look.Rules.SaveHolds(), TimeSpan.Zero);
        Look = next;
        _executor.Obey(next.Constraints);
        _schedules.NoteLeads(policies, FactsNow());
        ResetSchedules();
    }

    /// <summary>Runs until cancelled. Steps that are under way then are aborted and recorded before it returns.</summary>
    /// <remarks>With a lease it first waits until it has it, and gives it back in the end.</remarks>
    /// <exception cref="StoreUnavailableException">The journal can't be written at the start: nothing would ever be done.</exception>
    /// <exception cref="LeaseLostException">Another server has taken over.</exception>
    public Task RunAsync(CancellationToken ct)
    {
        _running = ct;
        return _lease is null ? LookOnAsync(ct) : _lease.WhileHeldAsync(() => LookOnAsync(ct), ct);
    }

    private async Task LookOnAsync(CancellationToken ct)
    {
        if (_lease?.OthersLast is { } last) _schedules.ForgetUntil(last);
        if (BeforeFirstLook is { } first) await first();
        var left = await LastRun.TakeOverAsync(_ports.Store, _ports.Time.GetUtcNow(), Look.Policies, Zone, _executor, _operatorHolds, _recommending, _view, _boots, _schedules, _decided, ct);
        var wereUp = _executor.Lives.Current.Values.Where(l => HostLife.IsUp(l.Phase)).Select(l => l.Host).ToList();
        _told.WereUp(wereUp);
        if (left.Holds is { } saved) _measuring.Unseen = new UnseenRestarts(wereUp, saved.At, _ports.Time.GetUtcNow());
        var next = _pace.OnGrid(_ports.Time.GetUtcNow());
        _permission.Started();
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await LookAsync(next, left, ct);
                left = LastRun.SeenTo;
                next = await _pace.NextAsync(now => _permission.At(now) && _schedules.HasAnyBy(now), ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }

        await _executor.WhenIdleAsync();
    }

    /// <summary>One look: measure, and in its turn decide and act on what was measured.</summary>
    private async Task LookAsync(DateTimeOffset at, LastRun left, CancellationToken ct)
    {
        var measured = await _measuring.TakeAsync(at, Look.Reads, left.Unfinished, ct);
        await _turn.TakeAsync(
            async () =>
            {
                var facts = FactsNow(measured.At);
                var derived = _view.KeepDerived(facts);
                KeepClocks(facts, measured.Unseen, left.Holds);
                if (await DecideAsync(facts, measured, ct))
                    await _memory.SaveSamplesAsync([.. measured.Measurements, .. derived], new SavedHolds(facts.At, Look.Rules.SaveHolds()) { GoingOn = UnderWay.Save(Look.GoingOn) }, ct);
            },
            ct);
    }

    private void ResetSchedules()
    {
        var reset = SchedulesReset;
        SchedulesReset = new TaskCompletionSource();
        reset.TrySetResult();
    }

    /// <summary>Time in which nothing was measured counts for no rule: the server was started anew, or its machine slept. A clock that was set back takes theirs along.</summary>
    private void KeepClocks(SiteFacts facts, TimeSpan unseen, SavedHolds? saved)
    {
        if (unseen < TimeSpan.Zero)
        {
            _decided.GivenUntil(facts.At - unseen, Journal.LastSequence);
            ResetSchedules();
        }

        if (saved is not null)
        {
            Look.Feed(facts);
            // A look may stand for an instant a little before that at which the last run looked last.
            var since = facts.At - saved.At;
            Look.Rules.RestoreHolds(saved.Holds, since < TimeSpan.Zero && -since <= _freshness.Limit ? TimeSpan.Zero : since);
            _tracker.Restored(saved.Holds, Look.Policies, facts.At);
            var underWay = UnderWay.After(saved, Look.Policies, _options.Mode, facts.At, Zone, _schedules.MayBeLateBy);
            Look.GoOnWith(underWay.Again);
            _schedules.Tell(underWay.GivenUp);
        }
        else if (unseen > _freshness.Limit || unseen < TimeSpan.Zero) Look.Rules.RestoreHolds(Look.Rules.SaveHolds(), unseen);
    }

    /// <summary>Facts to rules to plan, all of it into the journal; and only then into the world.</summary>
    /// <returns>False: the journal could not be written, and nothing is done until it can.</returns>
    private async Task<bool> DecideAsync(SiteFacts facts, Measured measured, CancellationToken ct)
    {
        // Others may be put in its place while the journal is written.
        var look = Look;
        var (at, mayAct) = (facts.At, _permission.At(facts.At));
        _schedules.NoteLeads(look.Policies, facts);
        if (_executor.HaltedBecause is not null) _schedules.KeepLatest();
        var (due, missed) = mayAct ? _schedules.Take(look.Policies, facts, Zone) : ([], []);
        var (already, sequence) = (_decided.At(at), Journal.LastSequence);
        var result = look.At(facts, due, mayAct, already);
        _decided.Add(result.Decisions.Length + result.Plan.Upkeep.Length);
        Looked?.Invoke(facts, result);

        var entries = _told.Of(result, facts, measured, missed, look.Policies);
        var (recommended, withdrawn) = _recommending.Take(result, facts);
        entries.AddRange(recommended);
        if (!await _told.WriteAsync(entries, at, ct))
        {
            // What fired now is neither done nor refused: it fires again once something can be done.
            _tracker.NotDone([.. result.Decisions, .. withdrawn.SelectMany(w => w.Decisions)], at);
            return false;
        }

        _executor.WatchBoots(ct);
        foreach (var plan in withdrawn) _tracker.NotDone(plan.Decisions, at);
        _tracker.Began(result, at);
        _executor.Submit(result.Plan, Look.Constraints, ct);
        if (result is { Before: { } before } && mayAct && result.Decisions.Length + result.Plan.Upkeep.Length > 0)
            await _memory.SaveTickAsync(Replay.Record(look, before, facts, due, already, _options.Limits, sequence), look.Policies, ct);
        if (mayAct) await _drills.LookAsync(FactsNow(at), Zone, Look, ct);
        return true;
    }

    /// <summary>What is under way is left to the server that has taken over: it is begun in the journal, and libvirt goes on with it.</summary>
    private void OnLeaseLost(LeaseLostException lost)
    {
        _executor.Halt(lost.Message);
        _pace.Fail(lost);
    }

    private void OnStepEnded(ActionEvent end)
    {
        _view.StepEnded(end, end.Step.Action is PlannedAction.PowerOn on ? _executor.History.LastPowerOnOf(on.Host) : null);
        _tracker.Ended(end);
        _manual.StepEnded(end);
        _drills.StepEnded(end);
    }

    private void OnDoubtSettled(ActionEvent end)
    {
        _view.StepEnded(end, bootBegun: null);
        _tracker.Settled(end);
        _manual.StepEnded(end);
    }
}
