namespace Ulm.Engine.Simulation;

/// <summary>Tells whether items fit into bins, by trying all ways; where there are too many to try, it tells nothing.</summary>
internal static class PackingProof
{
    private const int MostTries = 20_000;

    /// <summary>Null: too many ways.</summary>
    public static bool? Fits(long[] items, long[] bins)
    {
        if (items.Sum() > bins.Where(b => b > 0).Sum()) return false;
        Array.Sort(items, (a, b) => b.CompareTo(a));
        var tries = 0;
        return Place(items, 0, bins, ref tries);
    }

    private static bool? Place(long[] items, int next, long[] bins, ref int tries)
    {
        if (next == items.Length) return true;
        if (++tries > MostTries) return null;
        var seen = new HashSet<long>();
        for (var b = 0; b < bins.Length; b++)
        {
            if (bins[b] < items[next] || !seen.Add(bins[b])) continue;
            bins[b] -= items[next];
            if (Place(items, next + 1, bins, ref tries) is not false and var found) return found;
            bins[b] += items[next];
        }

        return false;
    }
}
