using System.Globalization;
using System.Text;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Why a VM goes where it goes: all hosts with their scores, best first, and what speaks against those that can't take it.</summary>
public static class ScoreTable
{
    public static string Of(Placement placement, Vm vm, Resource by, HostPreference preference, PlacementLimits limits)
    {
        var rows = placement.Site.Hosts.Where(h => h.Name != placement.HostOf(vm).Name)
            .Select(h => (Host: h, Scores: TargetScores.Of(placement, vm, h, by, preference), Against: PlacementFilters.ForTarget(placement, vm, h, limits, asGroup: true)))
            .OrderBy(r => r.Against is not null).ThenByDescending(r => r.Scores.Sum(s => s.Weight * s.Value)).ThenBy(r => r.Host.Name, StringComparer.Ordinal).ToList();
        if (rows.Count == 0) return "";
        var text = new StringBuilder();
        var width = Math.Max(4, rows.Max(r => r.Host.Name.Length));
        text.Append("host".PadRight(width)).Append("     sum");
        foreach (var score in rows[0].Scores) text.Append(CultureInfo.InvariantCulture, $"  {score.Name + " x" + score.Weight.ToString("0.##", CultureInfo.InvariantCulture),12}");
        foreach (var (host, scores, against) in rows)
        {
            text.Append('\n').Append(host.Name.PadRight(width));
            if (against is not null)
            {
                text.Append("  ").Append(against.Reason);
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"  {scores.Sum(s => s.Weight * s.Value),6:0.000}");
            foreach (var score in scores) text.Append(CultureInfo.InvariantCulture, $"  {score.Value,12:0.000}");
        }

        return text.ToString();
    }
}
