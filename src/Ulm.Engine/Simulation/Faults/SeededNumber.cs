namespace Ulm.Engine.Simulation;

/// <summary>Numbers that look random and belong to a seed, a name and a key: the same question always has the same answer, in whatever order it is asked.</summary>
internal static class SeededNumber
{
    /// <returns>0 up to, without, 1.</returns>
    public static double Of(int seed, string name, long key)
    {
        // FNV-1a, then mixed.
        var hash = 14695981039346656037UL ^ (ulong)seed;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (ulong)key) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        return (hash >> 11) / (double)(1UL << 53);
    }
}
