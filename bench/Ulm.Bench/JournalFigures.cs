using System.Collections.Immutable;
using System.Diagnostics;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Rules;
using Ulm.Engine.Rules.Judging;
using Ulm.Server.Explanations;
using Ulm.Server.Store;

namespace Ulm.Bench;

/// <summary>
/// A store with a million entries, as a year of a site of 500 hosts and 5,000 VMs with 20 rules leaves it: how long a server takes to open it, and how
/// long questions to it take. CPU time, as the machine may do other things; the medians of several.
/// </summary>
internal static class JournalFigures
{
    private const int Entries = 1_000_000;
    private const int PerDecision = 8;
    private const int Batch = 10_000;
    private const int Times = 9;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static async Task RunAsync(string[] args)
    {
        var file = args is [var given, ..] ? given : Path.Combine(Path.GetTempPath(), "ulm-journal-bench.db");
        if (!File.Exists(file)) await FillAsync(file);
        Console.WriteLine($"{file}: {Entries:N0} entries, {new FileInfo(file).Length >> 20} MiB");
        Console.WriteLine($"{"",-58} {"cpu",10} {"wall",10}");
        await MeasureAsync("open, and all that a start reads", async () =>
        {
            using var opened = SqliteStateStore.Open(file);
            await opened.UnfinishedAsync(default);
            await opened.BegunSinceAsync(Start + Year - ActionHistory.Kept, default);
            await opened.BootsAsync(20_000, default);
            await opened.LoadHoldsAsync(default);
        });
        using var store = SqliteStateStore.OpenReadOnly(file);
        var random = new Random(1);
        await MeasureAsync("explain --decision ID", () => DecisionExplanation.FindAsync($"d{random.Next(Entries / PerDecision)}", store.FindAsync, default));
        await MeasureAsync("explain --rule NAME --subject S", () => store.FindAsync(new JournalQuery(10) { Rule = $"rule{random.Next(20)}", Subject = $"host/h{random.Next(500)}" }, default));
        await MeasureAsync("explain --rule NAME --subject S of which there is nothing", () => store.FindAsync(new JournalQuery(10) { Rule = $"rule{random.Next(20)}", Subject = "host/new" }, default));
        await MeasureAsync("journal", () => store.FindAsync(new JournalQuery(50), default));
        await MeasureAsync("journal --rule NAME", () => store.FindAsync(new JournalQuery(50) { Rule = $"rule{random.Next(20)}" }, default));
        await MeasureAsync("journal --subject S --since A --until B, of half a year ago", () => store.FindAsync(
            new JournalQuery(50) { Subject = $"vm/v{random.Next(5000)}", Since = Start + Year / 2, Until = Start + Year / 2 + TimeSpan.FromDays(7) }, default));
        await MeasureAsync("journal --since A --until B --limit 1000, of half a year ago", () => store.FindAsync(
            new JournalQuery(1000) { Since = Start + Year / 2, Until = Start + Year / 2 + TimeSpan.FromDays(1) }, default));
        await MeasureAsync("journal --follow, one look for new entries", () => store.FindAsync(new JournalQuery(1000) { After = Entries }, default));
    }

    private static async Task FillAsync(string file)
    {
        using var store = SqliteStateStore.Open(file);
        for (var from = 0; from < Entries; from += Batch) await store.AppendAsync([.. Enumerable.Range(from, Batch).Select(Entry)], default);
    }

    /// <summary>Eight to a decision: pending, firing, decided, a refusal, two steps begun and ended. One in a hundred switches a host on.</summary>
    private static JournalEntry Entry(int i)
    {
        var decision = i / PerDecision;
        var (rule, host, vm) = ($"rule{decision % 20}", $"h{decision * 7 % 500}", $"v{decision * 11 % 5000}");
        var at = Start + Year * ((double)i / Entries);
        var step = $"migrate vm {vm} from {host} to h{decision % 499}";
        var wake = decision % 100 == 0;
        if (wake) step = $"power on host {host}";
        return (i % PerDecision) switch
        {
            0 => new(at, JournalKind.Rule, $"{rule} pending on host/{host}, fires if it holds for 10m: host.cpu = 81% > 75%") { Rule = rule, Subject = $"host/{host}", Outcome = "pending" },
            1 => new(at, JournalKind.Rule, $"{rule} firing on host/{host}: host.cpu = 81% > 75%") { Rule = rule, Subject = $"host/{host}", Outcome = "firing" },
            2 => new(at, JournalKind.Decision, $"{rule} fires on host/{host}: host.cpu = 81% > 75% for 10m") { Decision = $"d{decision}", Rule = rule, Subject = $"host/{host}", Details = Details(step) },
            3 => new(at, JournalKind.Refusal, $"{rule} on host/{host}: fits nowhere: h2 memory 60GiB + 8GiB of 64GiB is over 95%")
            {
                Decision = $"d{decision}", Rule = rule, Subject = $"host/{host}", Outcome = "ULM6201", Why = ["vm large (8GiB): h2 memory 60GiB + 8GiB of 64GiB is over 95%; h3 cpu 71% + 12% is over 80%"],
            },
            4 or 6 => new(at, JournalKind.Begun, $"{step} ({rule}: host.cpu = 81% > 75% for 10m)") { Decision = $"d{decision}", Rule = rule, Subject = wake ? $"host/{host}" : $"vm/{vm}", Step = $"d{decision}/{i % 2 + i % PerDecision / 5 + 1}", Outcome = "begun", Begins = wake ? new BegunStep(BegunKind.PowerOn) : new BegunStep(BegunKind.Move) { From = host, To = $"h{decision % 499}" } },
            _ => new(at, JournalKind.Ended, $"{step}: after 70.7s") { Decision = $"d{decision}", Rule = rule, Subject = wake ? $"host/{host}" : $"vm/{vm}", Step = $"d{decision}/{i % PerDecision / 6 + 1}", Outcome = "succeeded" },
        };
    }

    private static DecisionDetails Details(string step) => new(
        "/etc/ulm/policies/relieve.ulm:3:1", "enforce", "0123456789abcdef",
        [new FoundPart(0, "host.cpu = 81% > 75%", Truth.True, TimeSpan.FromSeconds(12))], [], [new(1, [], step), new(2, [1], step)],
        [new("ULM6201", "host/h1", ["vm large (8GiB): h2 memory 60GiB + 8GiB of 64GiB is over 95%; h3 cpu 71% + 12% is over 80%"])]);

    private static async Task MeasureAsync(string what, Func<Task> work)
    {
        var measured = ImmutableArray.CreateBuilder<(double Cpu, double Wall)>();
        for (var i = 0; i < Times; i++)
        {
            var (cpu, wall) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
            await work();
            measured.Add(((Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds, Stopwatch.GetElapsedTime(wall).TotalMilliseconds));
        }

        Console.WriteLine($"{what,-58} {Median(measured.Select(m => m.Cpu)),7:0.0} ms {Median(measured.Select(m => m.Wall)),7:0.0} ms   (worst {measured.Max(m => m.Wall):0} ms)");
    }

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Times / 2);
}
