using System.Globalization;
using Ulm.PlanetLab.Honest;
using Ulm.PlanetLab.Reference;

namespace Ulm.PlanetLab;

/// <summary>
/// Profile B: VMs stay all day and hold their memory, and a host with a VM is on. ULM under policies in its own language, beside the best of the
/// experiment's policies under the same rules.
/// </summary>
public static class HonestCommand
{
    /// <summary>What is wanted: mean hosts on at most this much over the memory minimum, energy at least this much below the best reference policy.</summary>
    private const double MostOverMinimum = 0.03, LeastSaved = 0.10, MostSeconds = 5;

    public static string Policies => Path.Combine(AppContext.BaseDirectory, "consolidate.ulm");

    /// <returns>0: all that is wanted was reached; 2: something was not.</returns>
    public static async Task<int> RunAsync(TextWriter output, IReadOnlyCollection<string> days)
    {
        output.WriteLine($"{"day",-10}  {"switching",-9}  {"kWh",8}  {"saved",6}  {"hosts on",8}  {"over min",8}  {"packing",7}  {"later",5}  {"saturated %",11}  {"PDM %",7}  {"s",5}  missed");
        var reached = true;
        foreach (var day in TraceDay.Named(days))
        {
            var best = BestReference(day);
            var minimum = MemoryMinimum.Of(day);
            foreach (var (name, switching) in new[] { ("free", HostSwitching.Free), ("real", HostSwitching.Real) })
            {
                var result = await HonestResult.OfAsync(day, switching, Policies);
                var (saved, over) = (1 - result.EnergyKWh / best.EnergyKWh, result.MeanHostsOn / minimum - 1);
                var missed = Missed(result, saved, over, best.Migrations).ToList();
                // Boot and shutdown times are no part of the comparison: the reference has none.
                reached &= missed.Count == 0 || switching == HostSwitching.Real;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{day.Name,-10}  {name,-9}  {result.EnergyKWh,8:0.00}  {saved,6:0.0%}  {result.MeanHostsOn,8:0.0}  {over,8:0.0%}  {result.FirstPacking,7}  {result.LaterMoves,5}  " +
                    $"{result.SaturatedPercent,11:0.#####}  {result.PdmPercent,7:0.####}  {result.Seconds,5:0.0}  {(missed.Count == 0 ? "-" : string.Join(", ", missed))}"));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{day.Name,-10}  {"reference",-9}  {best.EnergyKWh,8:0.00}  {"",6}  {best.MeanHostsOn,8:0.0}  {best.MeanHostsOn / minimum - 1,8:0.0%}  {best.Migrations,7}  {"",5}  {"",11}  {"",7}  {"",5}  {best.Policy}"));
        }

        return reached ? 0 : 2;
    }

    private static IEnumerable<string> Missed(HonestResult result, double saved, double over, int referenceMoves)
    {
        if (over > MostOverMinimum) yield return "hosts on";
        if (saved < LeastSaved) yield return "energy";
        if (result.SaturatedPercent > 0) yield return "saturated";
        if (result.LaterMoves >= referenceMoves) yield return "moves";
        if (result.Violations > 0) yield return "safety";
        if (result.Seconds > MostSeconds) yield return "time";
    }

    /// <summary>Of a day that is not shipped the policy without a history stands for all: where memory binds they hardly differ.</summary>
    private static KnownFigure BestReference(TraceDay day)
    {
        if (KnownFigures.Honest.FirstOrDefault(k => k.Day == day.Name) is { } known) return known;
        const string policy = "THR-MMT-0.8";
        var result = ReferenceRun.Of(day, policy, ReferenceRules.Honest);
        return new KnownFigure(day.Name, policy, result.EnergyKWh, result.Migrations, result.Slatah * 100, result.Pdm * 100, result.Shutdowns, result.MeanHostsOn);
    }
}
