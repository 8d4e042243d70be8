using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;
using Ulm.Server.Commands;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Testing;

/// <summary>A test made ready to be run: its site as it is at the start, what is measured, when it ends.</summary>
/// <param name="Test">The sentence.</param>
/// <param name="Policies">In force throughout.</param>
internal sealed record TestScript(PolicyTest Test, PolicySet Policies, SiteSnapshot Snapshot, TimeZoneInfo Zone)
{
    /// <summary>From one look to the next, and from one value of a series to the next.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>A Monday, so that weekday schedules come due.</summary>
    private static readonly DateTime DefaultStart = new(2026, 1, 5);

    public DateTimeOffset Start { get; } = TimeText.InZone(Test.Start ?? DefaultStart, Zone).ToUniversalTime();

    /// <summary>A rule that holds back for longer is not waited for by <c>never</c>: that is a test of its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long to go on after the end.</summary>
    public TimeSpan Beyond { get; init; }

    /// <summary>Up to the last thing that is given or asked for; where something is never to be seen, until what was given last has had the time to bring it about.</summary>
    public TimeSpan Length { get; } = new[]
    {
        Step,
        Test.Expectations.Select(e => e.At ?? TimeSpan.Zero).DefaultIfEmpty().Max(),
        Test.Events.Select(e => e.At).DefaultIfEmpty().Max(),
        Test.Series.Select(s => Step * s.Values.Length).DefaultIfEmpty().Max(),
        Test.Expectations.Any(e => e.At is null) ? LastChange(Test) + LongestHold(Policies) + Step : TimeSpan.Zero,
    }.Max();

    /// <summary>The simulation of it, with its events on the way. Half a step beyond the end, so that the last look comes to its end.</summary>
    public Simulator ToSimulator()
    {
        var options = new LoopOptions { PollingInterval = Step, TimeZone = Zone };
        var request = new SimulationRequest(SiteAtStart(), new ConstantLoad(Snapshot.CpuPercent), Policies, Start, Length + Beyond + Step / 2, options) { Replay = Replay() };
        var simulator = new Simulator(request);
        foreach (var e in Test.Events.Where(e => e.At > TimeSpan.Zero))
        {
            // Set before the loop's own timers, so that a look at the same instant sees it.
            simulator.Time.CreateTimer(_ => Do(e, simulator.Site), null, e.At, Timeout.InfiniteTimeSpan);
        }

        return simulator;
    }

    /// <summary>The minute to which an instant belongs: what a schedule does between two looks counts with the later one.</summary>
    public int MinuteOf(DateTimeOffset at) => (int)Math.Ceiling((at - Start) / Step);

    /// <summary>The value that the look at this minute sees; null: a missed poll.</summary>
    public static double? ValueAt(TestSeries series, int minute) => series.Values.IsEmpty ? null : series.Values[Math.Clamp(minute - 1, 0, series.Values.Length - 1)];

    /// <summary>When the last event comes, or the value with which a series goes on.</summary>
    private static TimeSpan LastChange(PolicyTest test) => test.Events.Select(e => e.At)
        .Concat(test.Series.Select(s => Step * (s.Values.Length - s.Values.Reverse().TakeWhile(v => v == s.Values[^1]).Count() + 1)))
        .DefaultIfEmpty().Max();

    /// <summary>How long a change may take until a rule has seen it in all its window and held back for all its `for`.</summary>
    private static TimeSpan LongestHold(PolicySet policies)
    {
        var longest = policies.Rules.Select(r => r.Trigger).OfType<Trigger.When>().Select(w => w.For + LongestWindow(w.Condition)).DefaultIfEmpty().Max();
        return longest < LongestWait ? longest : LongestWait;
    }

    private static TimeSpan LongestWindow(Condition condition) => PolicyQuantities.Of(condition).OfType<Quantity.OverTime>()
        .Where(q => q.Function is not TimeFunction.Forecast).Select(q => q.Window).DefaultIfEmpty().Max();

    /// <summary>As the snapshot has it, after what happens at the very start. What first starts or returns later was not there before.</summary>
    private Site SiteAtStart()
    {
        var first = Test.Events.GroupBy(e => (e.Event is SubjectEvent.VmStarts or SubjectEvent.VmStops, e.Subject)).ToDictionary(g => g.Key, g => g.MinBy(e => e.At)!);
        bool Absent(bool vm, string name) => first.TryGetValue((vm, name), out var e)
            && (e.At == TimeSpan.Zero ? e.Event is SubjectEvent.VmStops or SubjectEvent.HostFails : e.Event is SubjectEvent.VmStarts or SubjectEvent.HostReturns);
        var site = Snapshot.Site;
        return new Site(site.Hosts.Select(h => Absent(vm: false, h.Name) ? h with { State = HostState.Unreachable } : h), site.Vms.Where(v => !Absent(vm: true, v.Name)));
    }

    private void Do(TestEvent e, SimulatedSite site)
    {
        switch (e.Event)
        {
            case SubjectEvent.HostFails: site.Fail(e.Subject); break;
            case SubjectEvent.HostReturns: site.Return(e.Subject); break;
            case SubjectEvent.VmStarts: site.Start(Snapshot.Site.Vm(e.Subject)); break;
            case SubjectEvent.VmStops: site.Stop(e.Subject); break;
            default: throw new InvalidOperationException($"event {e.Event} has no meaning in a test");
        }
    }

    /// <summary>A value is what was measured over its minute: the look at its end sees it, and the one at the start sees the first one as well.</summary>
    private MetricReplay Replay()
    {
        var replay = new MetricReplay();
        foreach (var series in Test.Series)
            replay.Add(new SubjectRef(series.Attribute.Subject, series.Subject), series.Attribute, Start + Step, Step, [.. series.Values.Select(v => v ?? double.NaN)], repeats: false);
        return replay;
    }
}
