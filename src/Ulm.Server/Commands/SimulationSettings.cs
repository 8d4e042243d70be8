using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Dsl.Policies;
using Ulm.Engine.Loop;
using Ulm.Engine.Schedules;
using Ulm.Engine.Simulation;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary>What <c>simulate</c> was asked to run, with the defaults filled in.</summary>
/// <param name="Notes">What the user may not have meant.</param>
internal sealed record SimulationSettings(
    SiteSnapshot Snapshot, ILoadModel Load, PolicySet Policies, TimeZoneInfo Zone, DateTimeOffset From, TimeSpan Duration, TimeSpan Step, ImmutableArray<string> Notes)
{
    /// <summary>A Monday, so that weekday schedules come due.</summary>
    private static readonly DateTimeOffset DefaultFrom = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(3660);

    private const long MostLooks = 20_000_000;

    /// <exception cref="CommandFailedException">A time or duration makes no sense.</exception>
    public static SimulationSettings Of(PolicySet policies, SiteSnapshot snapshot, ImmutableArray<Trace> traces, SimulateArguments arguments)
    {
        var trace = traces.FirstOrDefault(t => t.IsLoad);
        var first = trace ?? traces.FirstOrDefault();
        var zone = policies.TimeZone ?? arguments.Zone;
        var from = arguments.From is { } start ? TimeText.Parse(start, "--from", zone) : first?.Start ?? DefaultFrom;
        var step = arguments.Step is { } period
            ? TimeText.Duration(period, "--step", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) : first?.Step ?? arguments.Server?.PollingInterval ?? TimeSpan.FromSeconds(60);
        var duration = arguments.For is { } time ? TimeText.Duration(time, "--for", step, LongestRun) : DefaultDuration(first, from);
        if (duration / step > MostLooks) throw new CommandFailedException($"{duration / step:0} looks are too many: take a longer --step or a shorter --for");

        var faults = arguments.Faults is { } file ? SiteFile.ReadFaults(file, snapshot.Site, from.ToUniversalTime(), zone) : null;
        ILoadModel load = arguments.Seed is { } seed ? new DailyLoad(seed) : new ConstantLoad(snapshot.CpuPercent);
        return new SimulationSettings(
            snapshot, trace?.ToLoad(load) ?? load, policies, zone, from.ToUniversalTime(), duration, step,
            [.. snapshot.Notes, .. NotesOn(snapshot, trace, arguments.Seed), .. NotesOn(traces, from, duration), .. NotesOn(faults?.Faults ?? [], from + duration, zone), .. NotesOn(policies, zone, from)])
        {
            Replay = ReplayOf(traces),
            Faults = faults?.Faults ?? [],
            FaultSeed = arguments.Seed ?? faults?.Seed ?? 1,
            Server = arguments.Server ?? new LoopOptions(),
        };
    }

    /// <summary>Recorded figures other than the VMs' load.</summary>
    public MetricReplay Replay { get; init; } = new();

    /// <summary>What goes wrong in the run.</summary>
    public ImmutableArray<SimulatedFault> Faults { get; init; } = [];

    /// <summary>What the faults leave to chance.</summary>
    public int FaultSeed { get; init; }

    /// <summary>The server that is to run the policies, as far as it is configured.</summary>
    public LoopOptions Server { get; init; } = new();

    public SimulationRequest ToRequest() => new(
        Snapshot.Site, Load, Policies, From, Duration, Server with { PollingInterval = Step, TimeZone = Zone, KeepTicks = false, Executor = Server.Executor with { LookAgain = Step } })
    {
        Replay = Replay,
        Faults = Faults,
        FaultSeed = FaultSeed,
    };

    /// <summary>The same site, load and time under other policies.</summary>
    /// <param name="zone">Where the policies name none; null: the zone of those they are compared with.</param>
    public SimulationSettings Under(PolicySet policies, TimeZoneInfo? zone)
    {
        var own = policies.TimeZone ?? zone ?? Zone;
        ImmutableArray<string> notes = own.Id == Zone.Id ? [] : [$"the compared policies are run by the clock of {own.Id}, the others by that of {Zone.Id}, which is the one that the report shows"];
        return this with { Policies = policies, Zone = own, Notes = [.. notes, .. NotesOn(policies, own, From)] };
    }

    private static TimeSpan DefaultDuration(Trace? trace, DateTimeOffset from) => trace is null ? TimeSpan.FromHours(24)
        : from > trace.Start && from < trace.End ? trace.End - from : trace.Duration;

    private static IEnumerable<string> NotesOn(SiteSnapshot snapshot, Trace? trace, int? seed)
    {
        var vms = snapshot.Site.Vms;
        if (trace is null)
        {
            if (seed is null && vms.Length > 0 && snapshot.CpuPercent.Values.All(c => c == 0)) yield return "the snapshot gives no VM any load; --trace or --seed does";
            yield break;
        }

        var without = vms.Count(v => !trace.Series.ContainsKey(v.Name));
        if (without > 0)
            yield return $"{without} of {Words.Count(vms.Length, "VM")} have no row in the trace; their load is {(seed is null ? "the snapshot's" : "made from the seed")}";
    }

    private static IEnumerable<string> NotesOn(ImmutableArray<Trace> traces, DateTimeOffset from, TimeSpan duration) => traces
        .Where(t => from < t.Start || from + duration > t.End)
        .Select(t => $"the trace{(traces.Length > 1 ? $" of {t.Attribute}" : "")} covers {TimeText.Utc(t.Start)} to {TimeText.Utc(t.End)}; outside of that it is repeated");

    private static IEnumerable<string> NotesOn(ImmutableArray<SimulatedFault> faults, DateTimeOffset end, TimeZoneInfo zone) => faults
        .Where(f => f.At >= end)
        .Select(f => $"{JsonNamingPolicy.KebabCaseLower.ConvertName(f.Kind.ToString())} on hosts {f.Hosts} at {Engine.Show.Time(f.At!.Value, zone)} never strikes: the run ends at {Engine.Show.Time(end, zone)}");

    private static MetricReplay ReplayOf(ImmutableArray<Trace> traces)
    {
        var replay = new MetricReplay();
        foreach (var trace in traces.Where(t => !t.IsLoad)) trace.AddTo(replay);
        return replay;
    }

    /// <summary>As after a start of the server, the first look only starts clocks.</summary>
    private static IEnumerable<string> NotesOn(PolicySet policies, TimeZoneInfo zone, DateTimeOffset start) => policies.Rules
        .Where(r => ScheduleCalculator.Next(r.Trigger, start - TimeSpan.FromSeconds(1), zone) == start)
        .Select(r => $"{r.Name} is due at the very start, when nothing acts yet; begin earlier to see what it does");
}

/// <summary>The options of <c>simulate</c> as they were written.</summary>
internal sealed record SimulateArguments(string? From, string? For, string? Step, int? Seed, string? Faults, TimeZoneInfo Zone)
{
    /// <summary>Of <c>--config</c>; null: none is given.</summary>
    public LoopOptions? Server { get; init; }
}
