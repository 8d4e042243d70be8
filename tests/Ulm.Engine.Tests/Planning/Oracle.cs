using System.Globalization;
using Google.OrTools.Sat;
using Ulm.Bench.Clusters;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Planning;

/// <summary>
/// What no plan can do better than, proven by CP-SAT from the cluster's figures alone: it moves any VM anywhere, whatever the order. One worker, a fixed seed and a
/// limit in deterministic time: the same bound in every run.
/// </summary>
internal static class Oracle
{
    private const double Seconds = 2;

    /// <summary>Fewest hosts that VMs can run on, within 80 % CPU and 95 % memory or what a host had before.</summary>
    public static double FewestHosts(GeneratedCluster cluster)
    {
        var (model, goes) = Placements(cluster);
        var used = Enumerable.Range(0, cluster.Hosts).Select(h => model.NewBoolVar($"used {h}")).ToArray();
        Limit(model, cluster, goes, h => used[h]);
        model.Minimize(LinearExpr.Sum(used));
        return Bound(model);
    }

    /// <summary>Least memory, MiB, that has to be copied until no host's CPU lies more than so many per cent above another's.</summary>
    public static double LeastCopied(GeneratedCluster cluster, int withinPercent)
    {
        var (model, goes) = Placements(cluster);
        Limit(model, cluster, goes, _ => null);
        var lowest = model.NewIntVar(0, 100 * Scale, "lowest");
        for (var h = 0; h < cluster.Hosts; h++)
        {
            var load = LinearExpr.WeightedSum(goes.Select(g => g[h]), cluster.Vms.Select(CpuOf));
            model.Add(load >= lowest);
            // What rounding takes away is given back: the bound may be too low, and never too high.
            model.Add(load <= lowest + withinPercent * Scale + cluster.Vms.Length);
        }

        model.Minimize(LinearExpr.WeightedSum(goes.SelectMany((g, v) => g.Where((_, h) => h != cluster.Vms[v].Host)), goes.SelectMany((g, v) => Enumerable.Repeat((long)cluster.Vms[v].MemoryMib, cluster.Hosts - 1))));
        return Bound(model);
    }

    private const int Scale = 1000;

    private static long CpuOf(GeneratedVm vm) => (long)(vm.Cpu * vm.Cpus / GeneratedCluster.HostCpus * 100 * Scale);

    private static (CpModel Model, BoolVar[][] Goes) Placements(GeneratedCluster cluster)
    {
        var model = new CpModel();
        var goes = cluster.Vms.Select((_, v) => Enumerable.Range(0, cluster.Hosts).Select(h => model.NewBoolVar($"{v}>{h}")).ToArray()).ToArray();
        foreach (var places in goes) model.AddExactlyOne(places);
        for (var v = 0; v < goes.Length; v++) for (var h = 0; h < cluster.Hosts; h++) model.AddHint(goes[v][h], cluster.Vms[v].Host == h);
        return (model, goes);
    }

    private static void Limit(CpModel model, GeneratedCluster cluster, BoolVar[][] goes, Func<int, BoolVar?> used)
    {
        for (var h = 0; h < cluster.Hosts; h++)
        {
            LimitOne(h, v => v.MemoryMib, (long)(GeneratedCluster.HostMemoryMib * PlacementLimits.Default.MemoryPercent / 100));
            LimitOne(h, CpuOf, (long)PlacementLimits.Default.CpuPercent * Scale);
        }

        void LimitOne(int host, Func<GeneratedVm, long> size, long most)
        {
            var limit = Math.Max(most, cluster.Vms.Where(v => v.Host == host).Sum(size));
            var load = LinearExpr.WeightedSum(goes.Select(g => g[host]), cluster.Vms.Select(size));
            if (used(host) is { } flag) model.Add(load <= limit * flag);
            else model.Add(load <= limit);
        }
    }

    private static double Bound(CpModel model)
    {
        using var solver = new CpSolver { StringParameters = string.Create(CultureInfo.InvariantCulture, $"num_workers:1 random_seed:1 max_deterministic_time:{Seconds}") };
        solver.Solve(model);
        return solver.BestObjectiveBound;
    }
}
