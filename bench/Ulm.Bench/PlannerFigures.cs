using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ulm.Bench.Clusters;
using Ulm.CpSat;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;

namespace Ulm.Bench;

/// <summary><c>planners</c>: one plan a line for generated clusters of every size and several seeds, with how good it is and how long it took.</summary>
internal static class PlannerFigures
{
    private const double SolverSeconds = 10;

    private static readonly DateTimeOffset At = new(2026, 1, 5, 20, 0, 0, TimeSpan.Zero);

    /// <param name="args">An action as in a policy, hosts, VMs, seeds: <c>"balance" 40 400 1 2 3</c>; <c>traffic</c> at the end: with disk and network loads known; <c>cp-sat</c>: with the solver.</param>
    public static void Run(string[] args)
    {
        var withTraffic = args is [.., "traffic"];
        if (withTraffic) args = args[..^1];
        var withSolver = args is [.., "cp-sat"];
        if (withSolver) args = args[..^1];
        if (args.Length < 4 || !args[1..].All(a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            Console.Error.WriteLine("planners takes an action as in a policy, how many hosts and VMs, and seeds: planners \"balance\" 40 400 1 2 3 [cp-sat] [traffic]");
            Environment.ExitCode = 1;
            return;
        }

        var planner = new Planner(BenchSite.Policies($"policy p at 20:00 {args[0]}"), PlacementLimits.Default) { Options = new() { Solver = withSolver ? new CpSatPacking(SolverSeconds) : null } };
        var decision = new Decision("d1", BenchSite.Policies($"policy p at 20:00 {args[0]}").Rules[0], null, At, "its time came");
        var (hosts, vms) = (Number(args[1]), Number(args[2]));
        foreach (var seed in args[3..].Select(Number).Prepend(Number(args[3])).Select((s, i) => (Seed: s, WarmUp: i == 0)))
        {
            var cluster = GeneratedCluster.Create(hosts, vms, seed.Seed);
            var facts = cluster.Facts(At, withTraffic);
            using var self = Process.GetCurrentProcess();
            var (watch, cpuBefore) = (Stopwatch.StartNew(), self.TotalProcessorTime);
            var plan = planner.Plan(facts, [decision]);
            watch.Stop();
            self.Refresh();
            var cpu = self.TotalProcessorTime - cpuBefore;
            if (!seed.WarmUp) Console.WriteLine($"{args[0]}, {hosts} hosts, {vms} VMs, seed {seed.Seed}: {Describe(cluster, facts, plan)}, {watch.Elapsed.TotalMilliseconds:0} ms, {cpu.TotalMilliseconds:0} ms of CPU");
        }
    }

    /// <summary><c>relief</c>: one move off each of the 600 busiest of 5,000 hosts, in one plan; of a rule alone, and beside one that acts on some hosts, or on all.</summary>
    public static void Relieve()
    {
        const string Cpu = "policy relieve when host.cpu > 75% for 10m then evacuate heaviest fitting vm";
        Relieve(BenchSite.Policies(Cpu), "alone");
        foreach (var percent in new[] { 50, 1 })
        {
            var other = $"host.memory > {percent}%";
            Relieve(BenchSite.Policies($"{Cpu}\npolicy memory when {other} for 10m then evacuate heaviest fitting vm by memory"), $"beside {other}");
        }
    }

    private static void Relieve(PolicySet policies, string beside)
    {
        const int Busiest = 600;
        var facts = GeneratedCluster.Create(5_000, 30_000, seed: 1).Facts(At, withTraffic: false);
        var decisions = facts.Site.Hosts.OrderByDescending(h => facts.Read(h.Ref, PolicyAttribute.HostCpu).Value).ThenBy(h => h.Name, StringComparer.Ordinal).Take(Busiest)
            .Select((h, i) => new Decision($"d{i}", policies.Rules[0], h.Ref, At, "it is busy")).ToImmutableArray();
        for (var round = 0; round < 3; round++)
        {
            using var self = Process.GetCurrentProcess();
            var before = self.TotalProcessorTime;
            var plan = new Planner(policies, PlacementLimits.Default).Plan(facts, decisions);
            self.Refresh();
            Console.WriteLine($"relief of {Busiest} hosts, 5000 hosts, 30000 VMs, {beside}: {plan.Steps.Length} moves, {plan.Refused.Length} refused, {(self.TotalProcessorTime - before).TotalMilliseconds:0} ms of CPU");
        }
    }

    private static string Describe(GeneratedCluster cluster, SiteFacts facts, Plan plan)
    {
        var moves = plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>().ToList();
        var last = moves.GroupBy(m => m.Vm).ToDictionary(g => g.Key, g => g.Last().To);
        int[] before = [.. cluster.Vms.Select(v => v.Host)];
        int[] after = [.. cluster.Vms.Select(v => last.TryGetValue(v.Name, out var to) ? Number(to[5..]) : v.Host)];
        var cpu = new double[cluster.Hosts];
        for (var v = 0; v < after.Length; v++) cpu[after[v]] += cluster.Vms[v].Cpu * cluster.Vms[v].Cpus / GeneratedCluster.HostCpus * 100;
        var gib = moves.Sum(m => facts.Site.Vm(m.Vm).MemoryBytes) / (double)(1L << 30);
        return string.Create(CultureInfo.InvariantCulture,
            $"score {HbalScore.Of(cluster, before):0.0000} -> {HbalScore.Of(cluster, after):0.0000}, cpu {cpu.Min():0.0} to {cpu.Max():0.0} %, " +
            $"{after.Distinct().Count()} hosts used, {moves.Count} moves, {gib:0} GiB, {plan.Steps.Count(s => s.Action is PlannedAction.PowerOff)} powered off, {plan.Refused.Length} refused");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
