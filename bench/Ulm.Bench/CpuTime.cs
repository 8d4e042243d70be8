using System.Diagnostics;

namespace Ulm.Bench;

/// <summary>The CPU time of rules, which other work on the machine disturbs less than the time on the clock: <c>dotnet run -c Release -- cpu</c>.</summary>
internal static class CpuTime
{
    private const int ActsEach = 5;

    public static void MeasureRules()
    {
        foreach (var (rules, hosts) in new[] { (20, 1_000), (100, 1_000), (20, 10_000), (100, 10_000) })
        {
            var cycle = new RuleCycle { Rules = rules, Hosts = hosts };
            cycle.Setup();
            Measure($"RuleCycle, {hosts} hosts, {rules} rules", warmUps: 20, rounds: 12, cycle.Cycle);
        }

        foreach (var form in new[] { "avg", "any host", "tagged" })
        {
            var look = new RuleForms { Form = form };
            look.Setup();
            Measure($"RuleForms, {form}", warmUps: 10, rounds: 8, look.PollAndLook);
        }

        var load = new RuleLoad();
        load.Setup();
        Measure("RuleLoad, made", warmUps: 10, rounds: 10, load.Make);
        Measure("RuleLoad, made, filled and fired", warmUps: 2, rounds: 4, load.MakeFillAndFire);
    }

    /// <summary>What is waited for while somebody writes policies: <c>dotnet run -c Release -- diagnose</c>.</summary>
    public static void MeasureDiagnoses()
    {
        var diagnose = new Diagnose();
        diagnose.Write();
        Measure("Diagnose, a file of 1,000 rules compiled anew", warmUps: 60, rounds: 20, () => diagnose.Anew().Length);
        Measure("Diagnose, an edit in it", warmUps: 60, rounds: 20, () => diagnose.AnEdit().Length);
        Measure("Diagnose, 10,000 rules from nothing", warmUps: 3, rounds: 4, () => diagnose.TenThousandRules().Length);
        DamagedTexts.Measure(2_000);
    }

    private static void Measure(string what, int warmUps, int rounds, Func<int> act)
    {
        for (var i = 0; i < warmUps; i++) act();
        using var process = Process.GetCurrentProcess();
        var (allocated, times) = (GC.GetTotalAllocatedBytes(true), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            for (var i = 0; i < ActsEach; i++) act();
            process.Refresh();
            times.Add((process.TotalProcessorTime - before).TotalMilliseconds / ActsEach);
        }

        var bytes = (GC.GetTotalAllocatedBytes(true) - allocated) / rounds / ActsEach;
        Console.WriteLine(FormattableString.Invariant($"{what}: mean {times.Average():0.0} ms, best {times.Min():0.0} ms of CPU, {bytes >> 10} KiB allocated"));
    }
}
