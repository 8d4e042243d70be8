using System.Collections.Frozen;
using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Parsing;

/// <summary>The units a number can carry, and what people write instead of them.</summary>
public static class UnitTable
{
    /// <param name="Factor">What one of it is in the base unit: bytes, bytes per second, seconds, watts, per cent.</param>
    internal sealed record Entry(string Symbol, Unit Unit, double Factor);

    private const double Ki = 1024, K = 1000;

    private static readonly ImmutableArray<Entry> Sizes =
    [
        new("KiB", Unit.Bytes, Ki), new("MiB", Unit.Bytes, Ki * Ki), new("GiB", Unit.Bytes, Ki * Ki * Ki), new("TiB", Unit.Bytes, Ki * Ki * Ki * Ki),
        new("kB", Unit.Bytes, K), new("MB", Unit.Bytes, K * K), new("GB", Unit.Bytes, K * K * K), new("TB", Unit.Bytes, K * K * K * K),
    ];

    private static readonly ImmutableArray<Entry> Entries =
    [
        new("%", Unit.Percent, 1),
        new("s", Unit.Seconds, 1), new("m", Unit.Seconds, 60), new("h", Unit.Seconds, 3600), new("d", Unit.Seconds, 86400),
        .. Sizes, .. Sizes.Select(size => new Entry(size.Symbol + "/s", Unit.BytesPerSecond, size.Factor)),
        new("W", Unit.Watts, 1), new("kW", Unit.Watts, K),
    ];

    private static readonly FrozenDictionary<string, Entry> BySymbol = Entries.ToFrozenDictionary(e => e.Symbol, StringComparer.Ordinal);

    // What a word of another tool or of everyday English stands for here; only ever offered, never taken.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["sec"] = "s", ["secs"] = "s", ["second"] = "s", ["seconds"] = "s",
        ["min"] = "m", ["mins"] = "m", ["minute"] = "m", ["minutes"] = "m",
        ["hr"] = "h", ["hrs"] = "h", ["hour"] = "h", ["hours"] = "h",
        ["day"] = "d", ["days"] = "d",
        ["watt"] = "W", ["watts"] = "W", ["mib/sec"] = "MiB/s",
        ["k"] = "KiB", ["g"] = "GiB", ["t"] = "TiB", ["mb"] = "MB", ["gb"] = "GB", ["tb"] = "TB",
        ["pct"] = "%", ["percent"] = "%", ["pc"] = "%",
        // Munin gives temperatures without a unit.
        ["°C"] = "", ["°"] = "", ["degrees"] = "", ["celsius"] = "", ["c"] = "",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every unit as it is written.</summary>
    public static readonly ImmutableArray<string> Symbols = [.. Entries.Select(e => e.Symbol)];

    /// <summary>For reading: <c>MiB/s</c> is looked for before <c>MiB</c>.</summary>
    internal static readonly ImmutableArray<string> LongestFirst = [.. Symbols.OrderByDescending(s => s.Length)];

    /// <summary>Those aliases that stand behind a blank as well. What one letter or two could be, a name could be too; `2026-12-24 second monday` is a day.</summary>
    internal static readonly ImmutableArray<string> WordsLongestFirst = [.. Aliases.Keys.Where(a => a != "second" && (a.Length > 2 || a[0] == '°')).OrderByDescending(a => a.Length)];

    internal static Entry? Find(string symbol) => BySymbol.GetValueOrDefault(symbol);

    internal static string? Nearest(string symbol) =>
        Aliases.GetValueOrDefault(symbol)
        ?? Symbols.FirstOrDefault(s => s.Equals(symbol, StringComparison.OrdinalIgnoreCase))
        ?? Text.NearestWord.Find(symbol, Symbols.Where(s => s.Length > 1));
}
