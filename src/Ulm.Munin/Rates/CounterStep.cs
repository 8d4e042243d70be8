namespace Ulm.Munin;

/// <summary>How far a COUNTER moved between two looks.</summary>
internal static class CounterStep
{
    private static readonly Int128 Range32 = (Int128)1 << 32;
    private static readonly Int128 Range64 = (Int128)1 << 64;

    /// <summary>
    /// RRDtool (rrd_update.c) adds 2^32 to a step back, and 2^64 instead if that is not enough. The same here, with two refinements,
    /// because a wrong rate is worse than none: a counter that was above 2^32 is not taken for one of 32 bits; and a wrap that would
    /// have crossed more than half of the range since the last look is taken for a restart. (A counter that fast could as well
    /// have wrapped twice: no answer would be right.)
    /// </summary>
    /// <returns>The distance moved, or null for a restart.</returns>
    public static Int128? Between(Int128 before, Int128 now)
    {
        if (now >= before) return now - before;
        var range = before < Range32 ? Range32 : Range64;
        var step = now - before + range;
        return step <= range / 2 ? step : null;
    }
}
