using System.Globalization;
using System.IO.Compression;

namespace Ulm.PlanetLab;

/// <summary>One day of VMs' CPU use, a value every five minutes. Rows in the order of the file, which the experiment depends on.</summary>
public sealed record TraceDay(string Name, IReadOnlyList<TraceRow> Rows)
{
    public const int Samples = 288;

    public static readonly IReadOnlyList<string> Shipped = ["20110303", "20110306", "20110409"];

    /// <summary>Reads a day that comes with this project.</summary>
    public static TraceDay Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", $"{name}.tsv.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var rows = new List<TraceRow>();
        while (text.ReadLine() is { } line)
        {
            if (!line.StartsWith('#')) rows.Add(TraceRow.Parse(line));
        }

        return new TraceDay(name, rows);
    }
}

/// <param name="Percent">Of the VM's own capacity.</param>
public sealed record TraceRow(string Name, IReadOnlyList<int> Percent)
{
    public static TraceRow Parse(string line)
    {
        var fields = line.Split('\t');
        return new TraceRow(fields[0], [.. fields.Skip(1).Select(f => int.Parse(f, CultureInfo.InvariantCulture))]);
    }
}
