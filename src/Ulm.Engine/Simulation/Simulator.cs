using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Simulation;

/// <param name="Start">Virtual time of the first poll.</param>
/// <param name="Duration">How long to run; at the end steps under way are aborted.</param>
public sealed record SimulationRequest(Site Site, ILoadModel Load, PolicySet Policies, DateTimeOffset Start, TimeSpan Duration, LoopOptions Options)
{
    /// <summary>Figures that are given rather than modelled.</summary>
    public MetricReplay Replay { get; init; } = new();

    /// <summary>What goes wrong.</summary>
    public ImmutableArray<SimulatedFault> Faults { get; init; } = [];

    /// <summary>What the faults leave to chance is drawn from it.</summary>
    public int FaultSeed { get; init; } = 1;
}

/// <summary>Totals of a run. Fractions, not per cent.</summary>
public sealed record SimulationResult(
    int Steps,
    int Migrations,
    int HostPowerCycles,
    double EnergyKWh,
    double EnergyKWhWithoutPolicies,
    double Slatah,
    double Pdm,
    double MeanHostsOn,
    ImmutableArray<JournalEntry> Journal,
    ImmutableArray<string> Violations,
    Site Final)
{
    /// <summary>Faults that struck, in order.</summary>
    public ImmutableArray<FaultEvent> Faults { get; init; } = [];

    /// <summary>Sum over hosts of the time they were off, hours.</summary>
    public double HostHoursOff { get; init; }
}

/// <summary>Runs the control loop over a simulated site in virtual time. Deterministic: the same request gives the same result.</summary>
public sealed class Simulator
{
    private readonly SimulationRequest _request;
    private readonly VirtualTime _time;
    private readonly SimulatedSite _site;

    /// <summary>The same site with nobody who decides anything: faults strike it too.</summary>
    private readonly SimulatedSite _untouched;
    private readonly FaultPlayer _faultsUntouched;
    private readonly MemoryStore _store = new();
    private readonly SiteMeter _meter;
    private readonly SafetyChecker _checker;
    private readonly FaultPlayer _faults;
    private readonly ImmutableArray<FaultEvent>.Builder _struck = ImmutableArray.CreateBuilder<FaultEvent>();
    private readonly EngineThread _thread = new();
    private long _seenChanges = -1;
    private DateTimeOffset _lookAgainAt = DateTimeOffset.MinValue;

    public Simulator(SimulationRequest request)
    {
        _request = request;
        _time = new VirtualTime(request.Start);
        var schedule = request.Faults.IsEmpty ? FaultSchedule.None : new FaultSchedule(request.Faults, request.Site, request.FaultSeed, request.Start, request.Start + request.Duration);
        _site = new SimulatedSite(request.Site, request.Load, _time, request.Replay, schedule);
        _untouched = new SimulatedSite(request.Site, request.Load, _time, request.Replay);
        (_faults, _faultsUntouched) = (new FaultPlayer(_site, schedule, _time), new FaultPlayer(_untouched, schedule, _time));
        _site.Struck += OnFault;
        _faults.Happened += OnFault;
        _meter = new SiteMeter(_site, _untouched, _time);
        _checker = new SafetyChecker(request.Site, request.Policies.Constraints);
        Loop = new ControlLoop(new LoopPorts(_site, _site, _site, _store, _time) { Notifier = Outside, Hooks = Outside, Check = _site }, request.Options, request.Policies);
    }

    public ControlLoop Loop { get; }

    /// <summary>What would have been told and run.</summary>
    public SimulatedOutside Outside { get; } = new();

    public EngineThread Thread => _thread;

    public IStateStore Store => _store;

    public SimulatedSite Site => _site;

    public VirtualTime Time => _time;

    /// <summary>Called with the next instant before virtual time goes on to it: a place to wait, for runs that someone watches.</summary>
    public Action<DateTimeOffset>? BeforeTimeGoesOn { get; set; }

    /// <summary>Raised for every stretch of time that was accounted for, in order: what the totals are made of, for those who want it over time.</summary>
    public event Action<MeteredStretch>? Metered;

    /// <summary>A fault struck, or passed.</summary>
    public event Action<FaultEvent>? FaultHappened;

    /// <summary>Runs the whole time, or until cancelled, on the calling thread.</summary>
    public SimulationResult Run(CancellationToken ct = default)
    {
        var steps = 0;
        Loop.Looked += (_, _) => steps++;
        _meter.Metered = Metered;
        _faults.Start();
        _faultsUntouched.Start();
        _thread.Run(() => DriveAsync(ct), GoOn);
        _meter.Account();
        return new SimulationResult(
            steps, _site.Migrations, _site.PowerCycles, _meter.EnergyKWh, _meter.EnergyKWhWithoutPolicies, _meter.Slatah, _meter.Pdm,
            _meter.MeanHostsOn, [.. _store.Journal], [.. _checker.Violations], _site.Now)
        {
            Faults = _struck.ToImmutable(),
            HostHoursOff = _meter.HostHoursOff,
        };
    }

    private void OnFault(FaultEvent happened)
    {
        _struck.Add(happened);
        FaultHappened?.Invoke(happened);
    }

    private async Task DriveAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _site.GoOnFromStart();
        _untouched.GoOnFromStart();
        var loop = Loop.RunAsync(end.Token);
        var schedules = new ScheduleTimer(Loop, _time).RunAsync(end.Token);
        try
        {
            await _time.WaitAsync(_request.Duration, ct);
        }
        catch (OperationCanceledException)
        {
        }

        // Not CancelAsync: that would go on in another thread, and virtual time would not wait for it.
        end.Cancel();
        await loop;
        try
        {
            await schedules;
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>
    /// Nothing is left to do at this instant: takes note of the site as it stands, and goes on to the next timer. Between two polls loads count
    /// as constant, so only a change of the site itself is worth another look.
    /// </summary>
    private void GoOn()
    {
        if (_time.NextDue is not { } next) throw new InvalidOperationException($"the simulation waits at {_time.GetUtcNow():O} for something that never comes");
        BeforeTimeGoesOn?.Invoke(next);
        var now = _time.GetUtcNow();
        if (next > now && (_site.Changes + _untouched.Changes != _seenChanges || now >= _lookAgainAt))
        {
            _meter.Account();
            _meter.Look();
            _checker.Check(now, _site.Now, _site.Migrating);
            _seenChanges = _site.Changes + _untouched.Changes;
            _lookAgainAt = new DateTimeOffset(now.UtcTicks - now.UtcTicks % _request.Options.PollingInterval.Ticks, TimeSpan.Zero) + _request.Options.PollingInterval;
        }

        _time.FireNext();
    }
}
