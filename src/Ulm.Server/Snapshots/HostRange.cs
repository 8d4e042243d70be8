using System.Globalization;

namespace Ulm.Server.Snapshots;

/// <summary>A host name that may stand for many: <c>node[001-300]</c> is node001 to node300, with the zeros of its first number.</summary>
internal static class HostRange
{
    public const int MostHosts = 100_000;

    /// <returns>The names, or what is wrong with the range.</returns>
    public static (IReadOnlyList<string> Names, string? Fault) Expand(string name)
    {
        var open = name.IndexOf('[');
        var close = name.IndexOf(']');
        if (open < 0 && close < 0) return ([name], null);
        if (open < 0 || close < open || name.IndexOf('[', open + 1) >= 0 || name.IndexOf(']', close + 1) >= 0)
            return ([], $"`{name}` is not a range: brackets stand once, round the numbers");
        var ends = name[(open + 1)..close].Split('-');
        if (ends.Length != 2 || !Number(ends[0], out var first) || !Number(ends[1], out var last))
            return ([], $"`{name}` is not a range: in brackets stand the first and the last number");
        if (last < first) return ([], $"`{name}` is an empty range: {last} comes before {first}");
        if (last - first >= MostHosts) return ([], $"`{name}` names {last - first + 1} hosts; a site has at most {MostHosts}");
        var (before, after, width) = (name[..open], name[(close + 1)..], ends[0].Length);
        return ([.. Enumerable.Range(first, last - first + 1).Select(i => before + i.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0') + after)], null);
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= 9;
}
