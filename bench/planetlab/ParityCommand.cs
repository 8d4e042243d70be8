using System.Diagnostics;
using System.Globalization;
using Ulm.PlanetLab.Reference;

namespace Ulm.PlanetLab;

/// <summary>Profile A: runs the known experiment and says whether every figure comes out the same.</summary>
public static class ParityCommand
{
    /// <returns>0: all the same; 2: some differ.</returns>
    public static int Run(TextWriter output, IReadOnlyCollection<string> days)
    {
        output.WriteLine($"{"day",-8}  {"policy",-11}  {"kWh",8}  {"moves",6}  {"SLATAH %",8}  {"PDM %",7}  {"ESV",9}  {"shutdowns",9}  {"hosts on",8}  {"s",5}  as known");
        var allSame = true;
        foreach (var known in KnownFigures.Published.Where(k => days.Count == 0 || days.Contains(k.Day)))
        {
            var clock = Stopwatch.StartNew();
            var result = ReferenceRun.Of(TraceDay.Read(known.Day), known.Policy, ReferenceRules.Published);
            var same = IsSame(result, known);
            allSame &= same;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{known.Day,-8}  {known.Policy,-11}  {result.EnergyKWh,8:0.00}  {result.Migrations,6}  {result.Slatah * 100,8:0.000}  {result.Pdm * 100,7:0.0000}  " +
                $"{result.Esv,9:0.000E+0}  {result.Shutdowns,9}  {result.MeanHostsOn,8:0.0}  {clock.Elapsed.TotalSeconds,5:0.0}  {(same ? "yes" : $"no: {known}")}"));
        }

        return allSame ? 0 : 2;
    }

    /// <summary>To the last digit that is known.</summary>
    public static bool IsSame(ReferenceResult result, KnownFigure known) =>
        Math.Round(result.EnergyKWh, 2) == known.EnergyKWh && result.Migrations == known.Migrations && Math.Round(result.Slatah * 100, 3) == known.SlatahPercent
        && Math.Round(result.Pdm * 100, 4) == known.PdmPercent && result.Shutdowns == known.Shutdowns && Math.Round(result.MeanHostsOn, 1) == known.MeanHostsOn;
}
