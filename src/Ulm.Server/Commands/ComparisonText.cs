using System.Globalization;

namespace Ulm.Server.Commands;

/// <summary>The totals of two runs beside each other, for people.</summary>
internal static class ComparisonText
{
    public static void Print(Terminal terminal, SimulationDocument these, SimulationDocument compared)
    {
        var output = terminal.Out;
        output.WriteLine($"\n  {"",-18} {"these policies",16} {"compared",16} {"difference",16}");
        Row("migrations", these.Migrations, compared.Migrations, "0", "");
        Row("host power cycles", these.HostPowerCycles, compared.HostPowerCycles, "0", "");
        Row("hosts on, mean", these.MeanHostsOn, compared.MeanHostsOn, "0.##", "");
        Row("host-hours off", these.HostHoursOff, compared.HostHoursOff, "0.#", "");
        Row("energy", these.EnergyKWh, compared.EnergyKWh, "0.###", " kWh");
        Row("SLATAH", these.SlatahPercent, compared.SlatahPercent, "0.####", " %");
        Row("PDM", these.PdmPercent, compared.PdmPercent, "0.####", " %");
        Row("SLAV", these.Slav, compared.Slav, SimulationText.SmallNumber, "");
        Row("ESV", these.Esv, compared.Esv, SimulationText.SmallNumber, "");
        Row("violations", these.Violations.Length, compared.Violations.Length, "0", "");
        foreach (var violation in compared.Violations) output.WriteLine($"  {terminal.Red($"compared: {violation}")}");

        void Row(string name, double left, double right, string form, string unit) => output.WriteLine(
            $"  {name,-18} {Text(left, form) + unit,16} {Text(right, form) + unit,16} {Difference(Text(left, form), Text(right, form), form, unit),16}");
    }

    /// <summary>Of the figures as they are shown: a reader who subtracts them comes to the same.</summary>
    private static string Difference(string left, string right, string form, string unit)
    {
        if (left == right) return "same";
        var difference = Value(right) - Value(left);
        return (difference > 0 ? "+" : "") + Text(difference, form) + unit;
    }

    private static double Value(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture);
}
