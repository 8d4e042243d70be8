using System.Collections.Immutable;
using System.Globalization;
using Google.OrTools.Sat;
using Ulm.Engine.Planning;

namespace Ulm.CpSat;

/// <summary>
/// Packs by constraint programming (CP-SAT of Google's OR-Tools): finds a packing where one exists, in the time it has, and of several one that copies
/// little. One worker, a fixed seed and a limit in CP-SAT's own deterministic time: the answer depends on the task alone. Nothing of OR-Tools is loaded
/// before the first task. Thread-safe.
/// </summary>
/// <param name="secondsInAll">Of deterministic time for one consolidation: about a second each on a fast processor.</param>
public sealed class CpSatPacking(double secondsInAll) : IPackingSolver
{
    /// <summary>Some 20 hosts with 10 VMs each are solved in seconds; ten times as many are not.</summary>
    public int MostHosts => 20;

    public double Seconds => secondsInAll;

    /// <summary>Memory is counted in MiB: what is needed is rounded up, what there is down.</summary>
    private const double Unit = 1 << 20;

    public ImmutableArray<int>? Pack(PackingTask task, double seconds)
    {
        var (model, hosts) = (new CpModel(), task.MemoryRoom.Length);
        var goes = task.Items.Select((item, i) => Enumerable.Range(0, hosts).Select(h => h == item.Home || task.MayGo(i, h) ? model.NewBoolVar($"{i}>{h}") : null).ToArray()).ToArray();
        foreach (var places in goes) model.AddExactlyOne(places.OfType<BoolVar>());
        for (var h = 0; h < hosts; h++)
        {
            Limit(h, task.MemoryRoom[h] / Unit, i => task.Items[i].Memory / Unit);
            Limit(h, task.CpuRoom[h], i => task.Items[i].Cpu);
        }

        model.Minimize(LinearExpr.WeightedSum(
            task.Items.SelectMany((item, i) => item.Home < 0 ? [] : goes[i].Where((_, h) => h != item.Home).OfType<BoolVar>()),
            task.Items.SelectMany((item, i) => item.Home < 0 ? [] : goes[i].Where((_, h) => h != item.Home).OfType<BoolVar>().Select(_ => Up(item.Memory / Unit)))));
        using var solver = new CpSolver
        {
            StringParameters = string.Create(CultureInfo.InvariantCulture, $"num_workers:1 random_seed:1 max_deterministic_time:{seconds}"),
        };
        if (solver.Solve(model) is not (CpSolverStatus.Optimal or CpSolverStatus.Feasible)) return null;
        return [.. goes.Select(places => Array.FindIndex(places, p => p is not null && solver.BooleanValue(p)))];

        // What comes, less what of those who are there goes, fits into the room; where there is none, no more comes than goes.
        void Limit(int host, double room, Func<int, double> size)
        {
            var (terms, weights, stays) = (new List<BoolVar>(), new List<long>(), 0L);
            for (var i = 0; i < goes.Length; i++)
            {
                if (goes[i][host] is not { } here) continue;
                var isHome = task.Items[i].Home == host;
                terms.Add(here);
                weights.Add(isHome ? Down(size(i)) : Up(size(i)));
                if (isHome) stays += Down(size(i));
            }

            model.AddLinearConstraint(LinearExpr.WeightedSum(terms, weights), 0, stays + Down(Math.Max(0, room)));
        }
    }

    private static long Up(double value) => (long)Math.Ceiling(value);

    private static long Down(double value) => (long)Math.Floor(value);
}
