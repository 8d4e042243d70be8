namespace Ulm.Dsl.Tests.Parsing;

/// <summary>
/// What work on a text costs, the same on every machine however busy: the memory it asks for. Every step of a scanner, parser or binder takes
/// some, so that work which grows with the square of a text is seen. What it is in milliseconds, the benchmark <c>Damaged</c> says.
/// </summary>
internal static class Work
{
    /// <summary>Bytes for a character.</summary>
    public const int MostForDamaged = 2_000, MostForLarge = 500, MostForHard = 5_000;

    // What is done for the shortest text too is not taken for the price of its characters.
    private const int LeastCharacters = 1024;

    /// <summary>
    /// Bytes allocated for a character. What is made once for all texts, such as the parser's tables and time zones, is no price of the text that
    /// happened to need it first: one that seems dear is tried again.
    /// </summary>
    public static double PerCharacter(string text, Action act)
    {
        var first = Once(text, act);
        return first <= MostForLarge ? first : Math.Min(first, Once(text, act));
    }

    private static double Once(string text, Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Math.Max(LeastCharacters, text.Length);
    }
}
