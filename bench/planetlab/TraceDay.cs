using System.Globalization;
using System.IO.Compression;

namespace Ulm.PlanetLab;

/// <summary>One day of VMs' CPU use, a value every five minutes. Rows in the order of the file, which the experiment depends on.</summary>
public sealed record TraceDay(string Name, IReadOnlyList<TraceRow> Rows)
{
    public const int Samples = 288;

    public static readonly IReadOnlyList<string> Shipped = ["20110303", "20110306", "20110409"];

    /// <summary>Midnight, UTC. A day that never was has one, too.</summary>
    public DateTimeOffset Start => DateTimeOffset.TryParseExact(Name, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        ? date : new DateTimeOffset(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="names">Of shipped days, or <c>seed-N</c> for one that never was; none: all that are shipped, and one of the others.</param>
    public static IEnumerable<TraceDay> Named(IReadOnlyCollection<string> names) => (names.Count > 0 ? names : [.. Shipped, "seed-1"])
        .Select(n => n.StartsWith("seed-", StringComparison.Ordinal) ? Synthetic(int.Parse(n["seed-".Length..], CultureInfo.InvariantCulture)) : Read(n));

    /// <summary>
    /// A day that is in no folder: as many VMs as a real one has, each with the load of some real one, begun at some other time of its day. What was
    /// tuned to the shipped days would fail on it.
    /// </summary>
    public static TraceDay Synthetic(int seed)
    {
        var random = new Random(seed);
        var pool = Shipped.SelectMany(d => Read(d).Rows).ToList();
        var rows = Enumerable.Range(0, random.Next(900, 1400)).Select(n =>
        {
            var (row, shift) = (pool[random.Next(pool.Count)], random.Next(Samples));
            return new TraceRow($"vm{n:0000}", [.. row.Percent.Skip(shift), .. row.Percent.Take(shift)]);
        });
        return new TraceDay($"seed-{seed}", [.. rows]);
    }

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
