namespace Ulm.Engine.Simulation;

/// <summary>Proves that items fit into no bins, by trying all ways; where there are too many to try, it proves nothing.</summary>
internal static class PackingProof
{
    private const int MostTries = 20_000;

    public static bool FitsNever(long[] items, long[] bins)
    {
        if (items.Length == 0) return false;
        if (items.Sum() > bins.Where(b => b > 0).Sum()) return true;
        Array.Sort(items, (a, b) => b.CompareTo(a));
        var tries = 0;
        return !Place(items, 0, bins, ref tries);
    }

    /// <summary>True also where it gave up.</summary>
    private static bool Place(long[] items, int next, long[] bins, ref int tries)
    {
        if (next == items.Length || ++tries > MostTries) return true;
        var seen = new HashSet<long>();
        for (var b = 0; b < bins.Length; b++)
        {
            if (bins[b] < items[next] || !seen.Add(bins[b])) continue;
            bins[b] -= items[next];
            if (Place(items, next + 1, bins, ref tries)) return true;
            bins[b] += items[next];
        }

        return false;
    }
}
