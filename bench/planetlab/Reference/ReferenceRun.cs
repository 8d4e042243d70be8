using Ulm.Engine.Simulation;

namespace Ulm.PlanetLab.Reference;

/// <summary>Totals of a reference run; fractions, not per cent.</summary>
/// <param name="MeanHostsOn">Over the time that is metered.</param>
public sealed record ReferenceResult(
    double EnergyKWh, int Migrations, double Slatah, double Pdm, int Shutdowns, double MeanHostsOn, double SaturatedHostHours)
{
    public double Slav => Slatah * Pdm;

    public double Esv => EnergyKWh * Slav;
}

/// <summary>The experiment's day under one of its own policies: its rules, on ULM's clock, power curves and accounts.</summary>
public sealed class ReferenceRun
{
    private const double TickSeconds = 300, FirstTick = 300.1, DaySeconds = 86_400;

    private readonly DateTimeOffset _start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly VirtualTime _time;
    private readonly List<ReferenceHost> _hosts = [.. Enumerable.Range(0, Machines.HostCount).Select(n => new ReferenceHost(n))];
    private readonly List<ReferenceVm> _vms;
    private readonly ReferenceRules _rules;
    private readonly DecisionRound? _round;
    private readonly ReferenceMeter _meter;
    private readonly double _meteredFrom;
    private double _now = 0.1;
    private double _tick = 0.1;
    private double _last;
    private int _migrations;

    private ReferenceRun(TraceDay day, string policy, ReferenceRules rules)
    {
        _time = new VirtualTime(_start);
        _rules = rules;
        _vms = [.. day.Rows.Select((row, n) => new ReferenceVm(n, Machines.VmAt(n, day, ""), row))];
        var placement = policy == NoMoves ? StartPlacement.FirstFit(day) : StartPlacement.Of(day);
        foreach (var vm in _vms)
        {
            vm.Host = _hosts[placement[vm.Number]];
            vm.Host.Vms.Add(vm);
        }

        _round = policy == NoMoves ? null : new DecisionRound(_hosts, Detectors.ByPolicy[policy], rules);
        _meter = new ReferenceMeter(_hosts, _vms, rules);
        // The published figures leave out the first interval, before which no CPU was measured.
        _meteredFrom = rules.KeepVms ? 0 : FirstTick;
    }

    /// <summary>The policy that moves nothing and lets the CPU's frequency follow the load.</summary>
    public const string NoMoves = "DVFS";

    public static IReadOnlyList<string> Policies { get; } = [NoMoves, .. Detectors.ByPolicy.Keys];

    public static ReferenceResult Of(TraceDay day, string policy, ReferenceRules rules) => new ReferenceRun(day, policy, rules).Run();

    private ReferenceResult Run()
    {
        using var ticks = _time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(FirstTick), TimeSpan.FromSeconds(TickSeconds));
        while (_time.NextDue is { } due && (due - _start).TotalSeconds <= DaySeconds) _time.FireNext();
        _meter.Close();
        return new ReferenceResult(
            _meter.EnergyKWh, _migrations, _meter.Slatah, _meter.Pdm, _meter.Shutdowns, _meter.HostSecondsOn / (_tick - FirstTick), _meter.SaturatedSeconds / 3600);
    }

    private void Tick()
    {
        _now = _tick += TickSeconds;
        Update();
        foreach (var vm in _vms) vm.Remember();
        if (_round is null) return;
        var moves = _round.Plan();
        foreach (var move in moves) Begin(move);
        foreach (var together in moves.GroupBy(m => m.Vm.MB))
            _time.CreateTimer(_ => End([.. together], together.Key / Machines.MigrationMBPerSecond), null, TimeSpan.FromSeconds(together.Key / Machines.MigrationMBPerSecond), Timeout.InfiniteTimeSpan);
    }

    private void Begin(ReferenceMove move)
    {
        _migrations++;
        move.Vm.IsMoving = true;
        move.Target.Incoming.Add(move.Vm);
        move.Target.Vms.Add(move.Vm);
        Measure(move.Target);
        Measure(move.Vm.Host);
    }

    /// <summary>Moves of VMs of one size end at one instant.</summary>
    private void End(IReadOnlyList<ReferenceMove> moves, double seconds)
    {
        _now = _tick + seconds;
        Update();
        foreach (var (vm, target) in moves)
        {
            vm.Host.Vms.Remove(vm);
            target.Incoming.Remove(vm);
            target.Vms.Remove(vm);
            target.Vms.Add(vm);
            vm.Host = target;
            vm.IsMoving = false;
        }

        foreach (var host in _hosts) Measure(host);
    }

    private void Update()
    {
        var since = _now - _last;
        foreach (var vm in _vms) vm.TellTime(_now);
        foreach (var host in _hosts)
        {
            var (before, wasOn) = (host.Utilisation, _rules.IsOn(host));
            Measure(host);
            if (wasOn && _now > _meteredFrom) _meter.Meter(host, before, since);
        }

        _last = _now;
        if (_rules.KeepVms) return;
        foreach (var host in _hosts) host.RemoveGone();
    }

    private void Measure(ReferenceHost host)
    {
        host.Measure();
        _meter.Record(host, _now);
    }
}
