using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Ulm.Server.Snapshots;

/// <summary>Writes a trace as <see cref="TraceReader"/> reads it.</summary>
internal static class TraceWriter
{
    public static byte[] Bytes(Trace trace, bool gzipped)
    {
        var text = Encoding.UTF8.GetBytes(Text(trace));
        if (!gzipped) return text;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(text);
        return packed.ToArray();
    }

    public static string Text(Trace trace)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"#{Trace.Schema} start={trace.Start.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} step={trace.Step.TotalSeconds:0}s metric={trace.Attribute}\n");
        foreach (var (name, values) in trace.Series.OrderBy(s => s.Key, StringComparer.Ordinal))
            text.Append(name).Append('\t').AppendJoin('\t', values.Select(v => double.IsNaN(v) ? "_" : v.ToString("0.###", CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }
}
