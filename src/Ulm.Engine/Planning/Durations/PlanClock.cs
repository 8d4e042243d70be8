using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Durations;

/// <summary>
/// Runs a plan on paper to tell how long it takes: each step begins once those it waits for have ended and there is a slot for it, the
/// more urgent first, then as planned; copies at the same time share the links of their hosts evenly, and a copy that has less of them sends more again.
/// </summary>
/// <param name="most">Migrations at the same time, into or out of one host and in the whole site.</param>
internal sealed class PlanClock(Site site, (int PerHost, int InTotal) most, MigrationManners manners)
{
    public const int DefaultPerHost = 2;

    public const int DefaultInTotal = 8;

    private readonly Dictionary<string, int> _migrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _copies = new(StringComparer.Ordinal);
    private readonly List<Running> _running = [];
    private int _total;

    /// <summary>Migrations at the same time under two limits, policies' and the server's: the lower one holds.</summary>
    public static (int PerHost, int InTotal) Most((int? PerHost, int? InTotal) said, (int? PerHost, int? InTotal) configured) =>
        (Lower(said.PerHost, configured.PerHost) ?? DefaultPerHost, Lower(said.InTotal, configured.InTotal) ?? DefaultInTotal);

    private static int? Lower(int? a, int? b) => a < b ? a : b ?? a;

    /// <summary>A step under way: first for a time of its own, then, of a migration, until all memory is there.</summary>
    private sealed class Running(PlanStep step, PlannedAction.Migrate? move, double seconds, Vm? vm)
    {
        public PlanStep Step => step;

        public PlannedAction.Migrate? Move => move;

        public double Seconds { get; set; } = seconds;

        /// <summary>Of its memory, in bytes.</summary>
        public double Left { get; set; } = vm?.MemoryBytes ?? 0;

        public double GainsPerSecond { get; private set; }

        public void Have(double bytesPerSecond) => GainsPerSecond = MemoryCopy.Gains(vm!.MemoryBytes, vm.DirtyBytesPerSecond ?? 0, bytesPerSecond);

        public bool IsCopying => Seconds <= 0 && Move is not null;
    }

    /// <summary>Null: something in it does not end by itself, or not beside what goes on at the same time.</summary>
    public TimeSpan? Of(IReadOnlyList<PlanStep> steps)
    {
        if (steps.Any(s => s.Takes is null)) return null;
        var (open, followers) = (steps.ToDictionary(s => s.Id, s => s.After.Length), steps.SelectMany(s => s.After.Select(a => (a, s))).ToLookup(x => x.a, x => x.s));
        var (waiting, now) = (new LinkedList<PlanStep>(), 0.0);
        foreach (var step in steps.Where(s => s.After.IsEmpty)) Allow(step);
        Begin(waiting);
        while (_running.Count > 0)
        {
            Arrange();
            var next = _running.Min(r => !r.IsCopying ? r.Seconds : r.GainsPerSecond > 0 ? r.Left / r.GainsPerSecond : double.PositiveInfinity);
            if (double.IsInfinity(next)) return null;
            now += next;
            foreach (var running in _running)
            {
                if (running.IsCopying) running.Left -= running.GainsPerSecond * next;
                else running.Seconds -= next;
            }

            foreach (var ended in _running.Where(HasEnded).ToList())
            {
                _running.Remove(ended);
                if (ended.Move is { } move) Count(_migrations, move, -1);
                if (ended.Move is not null) _total--;
                foreach (var follower in followers[ended.Step.Id]) if (--open[follower.Id] == 0) Allow(follower);
            }

            Begin(waiting);
        }

        return TimeSpan.FromSeconds(now);

        void Allow(PlanStep step)
        {
            if (step.Action is PlannedAction.Migrate) Queue(waiting, step);
            else _running.Add(new Running(step, null, step.Takes!.Value.TotalSeconds, null));
        }
    }

    private static void Queue(LinkedList<PlanStep> waiting, PlanStep step)
    {
        var place = waiting.Last;
        while (place is not null && (step.Urgency != place.Value.Urgency ? step.Urgency > place.Value.Urgency : step.Id < place.Value.Id)) place = place.Previous;
        if (place is null) waiting.AddFirst(step);
        else waiting.AddAfter(place, step);
    }

    /// <summary>What is left of a copy after its last instant is a rounding error; of a time, it is made to be none.</summary>
    private static bool HasEnded(Running running)
    {
        if (running.Seconds < 1e-9) running.Seconds = 0;
        return running.Seconds <= 0 && (running.Move is null || running.Left <= running.GainsPerSecond * 1e-9);
    }

    private void Begin(LinkedList<PlanStep> waiting)
    {
        for (var place = waiting.First; place is not null && _total < most.InTotal;)
        {
            var (next, step, move) = (place.Next, place.Value, (PlannedAction.Migrate)place.Value.Action);
            if (_migrations.GetValueOrDefault(move.From) < most.PerHost && _migrations.GetValueOrDefault(move.To) < most.PerHost)
            {
                Count(_migrations, move, 1);
                _total++;
                _running.Add(new Running(step, move, MemoryCopy.SetUp.TotalSeconds, site.Vm(move.Vm)));
                waiting.Remove(place);
            }

            place = next;
        }
    }

    private void Arrange()
    {
        _copies.Clear();
        foreach (var copy in _running.Where(r => r.IsCopying)) Count(_copies, copy.Move!, 1);
        foreach (var copy in _running.Where(r => r.IsCopying)) copy.Have(Math.Min(MostOf(copy.Step), Math.Min(Share(copy.Move!.From), Share(copy.Move.To))));
    }

    private double MostOf(PlanStep step) => manners.For(step.Urgency).BytesPerSecond;

    private double Share(string host) => MemoryCopy.LinkOf(site.Host(host)) / _copies[host];

    private static void Count(Dictionary<string, int> counts, PlannedAction.Migrate move, int by)
    {
        counts[move.From] = counts.GetValueOrDefault(move.From) + by;
        counts[move.To] = counts.GetValueOrDefault(move.To) + by;
    }
}
