using System.Text.Json;
using Ulm.Server.Commands;

namespace Ulm.PlanetLab.Honest;

/// <summary>A day under ULM's policies, as <c>ulm-server simulate</c> tells of it.</summary>
/// <param name="FirstPacking">Moves begun within the first hour.</param>
/// <param name="LaterMoves">All others.</param>
/// <param name="SaturatedPercent">Share of hosts' time with all CPU in use, SLATAH.</param>
public sealed record HonestResult(
    double EnergyKWh, double MeanHostsOn, int FirstPacking, int LaterMoves, double SaturatedPercent, double PdmPercent, int PowerCycles, int Violations, double Seconds)
{
    private static readonly TimeSpan FirstHour = TimeSpan.FromHours(1);

    /// <summary>Runs the very command an administrator would, on files an administrator could write.</summary>
    public static async Task<HonestResult> OfAsync(TraceDay day, HostSwitching switching, string policies)
    {
        var folder = Directory.CreateTempSubdirectory("ulm-planetlab-").FullName;
        try
        {
            var (site, trace) = (Path.Combine(folder, "planetlab.site.json"), Path.Combine(folder, "day.tsv"));
            SiteSnapshot.Write(site, day, switching);
            SiteSnapshot.WriteTrace(trace, day);
            using var output = new StringWriter();
            using var error = new StringWriter();
            string[] command = ["simulate", "--policies", policies, "--site", site, "--trace", trace, "--format", "json"];
            var exit = await CommandLine.RunAsync(command, new Terminal(output, error, Colour: false));
            return exit is 0 or 2 ? Read(day, output.ToString()) : throw new InvalidOperationException($"ulm-server {string.Join(' ', command)} ended with {exit}: {error}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static HonestResult Read(TraceDay day, string json)
    {
        var result = JsonDocument.Parse(json).RootElement;
        var moves = result.GetProperty("decisions").EnumerateArray().Where(d => d.GetProperty("action").GetString() == "migrate").ToList();
        var first = moves.Count(m => m.GetProperty("time").GetDateTimeOffset() - day.Start < FirstHour);
        return new HonestResult(
            Number("energyKWh"), Number("meanHostsOn"), first, moves.Count - first, Number("slatahPercent"), Number("pdmPercent"),
            result.GetProperty("hostPowerCycles").GetInt32(), result.GetProperty("violations").GetArrayLength(), Number("wallSeconds"));

        double Number(string name) => result.GetProperty(name).GetDouble();
    }
}
