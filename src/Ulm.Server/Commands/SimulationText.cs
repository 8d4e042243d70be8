using System.Globalization;
using Ulm.Engine;
using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;

namespace Ulm.Server.Commands;

/// <summary>A simulation for people: each decision as it falls, then the totals.</summary>
internal sealed class SimulationText
{
    /// <summary>Nothing is 0, not 0E+0.</summary>
    public const string SmallNumber = "0.###E+0;-0.###E+0;0";

    private const int MostRefusals = 8;
    private const int MostReasons = 3;
    private const int WidestAction = 64;

    private readonly Terminal _terminal;
    private readonly SimulationSettings _settings;
    private readonly DecisionLog _log;
    private readonly int _width;
    private int _cutShort;

    public SimulationText(Terminal terminal, SimulationSettings settings, DecisionLog log)
    {
        (_terminal, _settings, _log) = (terminal, settings, log);
        _width = Math.Min(WidestAction, WidthOf(settings.Snapshot.Site));
        var site = settings.Snapshot.Site;
        terminal.Out.WriteLine(
            $"{Words.Count(site.Hosts.Length, "host")}, {Words.Count(site.Vms.Length, "VM")}, {Words.Count(settings.Policies.Rules.Length, "rule")}; " +
            $"{Show.Duration(settings.Duration)} from {TimeText.Local(settings.From, settings.Zone)}, a look every {Show.Duration(settings.Step)}; times in {settings.Zone.Id}\n");
        log.Begun += taken => Line(taken.At, taken.Step.Action.ToString()!, $"{_terminal.Bold(taken.Step.Rule)}: {taken.Step.Reason}");
        log.Struck += fault => Line(fault.At, "fault", fault.Text, _terminal.Red);
        log.Failed += ended =>
        {
            // What is under way at the end is cut off there; that says nothing about the policies.
            if (ended.At >= settings.From + settings.Duration) _cutShort++;
            else Line(ended.At, ended.WasCalledOff ? "not done" : ended.Outcome ?? "failed", ended.Text, _terminal.Red);
        };
    }

    public void PrintTotals(SimulationResult result, TimeSpan wall)
    {
        var output = _terminal.Out;
        if (_log.Taken.Count == 0) output.WriteLine("No decision fell.");
        if (_cutShort > 0) output.WriteLine($"{Words.Count(_cutShort, "step")} under way at the end.");
        PrintRefusals();
        output.WriteLine();
        Total("looks", Number(result.Steps), $"in {Number(wall.TotalSeconds, "0.##")} s");
        if (_settings.Faults.Length > 0) Total("faults", Number(result.Faults.Length), "that struck or passed");
        Total("migrations", Number(result.Migrations), "");
        Total("host power cycles", Number(result.HostPowerCycles), "");
        Total("hosts on, mean", Number(result.MeanHostsOn, "0.##"), $"of {result.Final.Hosts.Length}");
        Total("energy", Number(result.EnergyKWh, "0.###") + " kWh", $"{Number(result.EnergyKWhWithoutPolicies, "0.###")} kWh without policies{Change(result)}");
        Total("SLATAH", Number(result.Slatah * 100, "0.####") + " %", "share of hosts' time at full CPU");
        Total("PDM", Number(result.Pdm * 100, "0.####") + " %", "share of CPU lost to migrations");
        Total("SLAV", Number(result.Slatah * result.Pdm, SmallNumber), "SLATAH x PDM");
        Total("ESV", Number(result.EnergyKWh * result.Slatah * result.Pdm, SmallNumber), "energy x SLAV");
        Total("violations", result.Violations.IsEmpty ? "none" : _terminal.Red(Number(result.Violations.Length)), "");
        foreach (var violation in result.Violations) output.WriteLine($"  {_terminal.Red(violation)}");
    }

    private void PrintRefusals()
    {
        if (_log.Refused.Count == 0) return;
        _terminal.Out.WriteLine("\nNot done:");
        foreach (var refusal in _log.Refused.OrderByDescending(r => r.Times).ThenBy(r => r.Rule, StringComparer.Ordinal).Take(MostRefusals))
        {
            var often = refusal.Times == 1 ? "" : refusal.Subjects.Count == 1 ? $", {refusal.Times} times" : $", {refusal.Times} times on {refusal.Subjects.Count} subjects";
            _terminal.Out.WriteLine($"  {refusal.Code}  {_terminal.Bold(refusal.Rule)} on {refusal.Subject}{often}");
            foreach (var why in refusal.Why.Take(MostReasons)) _terminal.Out.WriteLine($"    {why}");
            if (refusal.Why.Length > MostReasons) _terminal.Out.WriteLine($"    ... and {refusal.Why.Length - MostReasons} more");
        }

        if (_log.Refused.Count > MostRefusals) _terminal.Out.WriteLine($"  ... and for {_log.Refused.Count - MostRefusals} more reasons");
    }

    /// <summary>What is painted is padded first: the codes of a colour take no room.</summary>
    private void Line(DateTimeOffset at, string what, string why, Func<string, string>? paint = null) =>
        _terminal.Out.WriteLine($"{_terminal.Dim(TimeText.Local(at, _settings.Zone))}  {(paint ?? (text => text))(what.PadRight(_width))}  {why}");

    private void Total(string name, string value, string remark) => _terminal.Out.WriteLine($"  {name,-18} {value,12}   {remark}".TrimEnd());

    private static string Change(SimulationResult result)
    {
        if (result.EnergyKWhWithoutPolicies <= 0) return "";
        var percent = (result.EnergyKWh / result.EnergyKWhWithoutPolicies - 1) * 100;
        return Math.Abs(percent) < 0.05 ? "" : $" ({Number(percent, "+0.0;-0.0")} %)";
    }

    private static int WidthOf(Site site)
    {
        var host = site.Hosts.Select(h => h.Name.Length).DefaultIfEmpty().Max();
        var vm = site.Vms.Select(v => v.Name.Length).DefaultIfEmpty().Max();
        return "migrate vm  from  to ".Length + vm + 2 * host;
    }

    private static string Number(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}
