namespace Ulm.Dsl;

/// <summary>
/// How much text the compiler takes on. Far above what anybody writes by hand; they bound the work and the stack that a
/// damaged or hostile file can cost, and each has a diagnostic of its own.
/// </summary>
public static class CompilerLimits
{
    /// <summary>Characters in one file (1 MiB of ASCII).</summary>
    public const int FileLength = 1024 * 1024;

    public const int SentencesPerFile = 5_000;

    /// <summary>Words, numbers, strings and signs in one sentence.</summary>
    public const int TokensPerSentence = 2_000;

    /// <summary>Parentheses and <c>not</c>s inside one another.</summary>
    public const int NestingDepth = 64;

    /// <summary>Comparisons, tests, <c>not</c>s and parentheses in a condition once every name is replaced.</summary>
    public const int ConditionParts = 256;

    /// <summary>Names of definitions that lead to one another.</summary>
    public const int DefinitionDepth = 50;

    public const int DiagnosticsPerFile = 200;

    /// <summary>Misspelt words mended in one sentence before the rest of it is given up.</summary>
    public const int RepairsPerSentence = 8;

    /// <summary>Characters in a text that is shown to people.</summary>
    public const int TextLength = 500;

    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(30);

    /// <summary>Hosts, VMs or migrations that one sentence can speak of.</summary>
    public const int HostCount = 100_000;

    /// <summary>How many times its CPUs a host may lend out at most.</summary>
    public const double LargestFactor = 1000;

    /// <summary>Characters in the text of one <c>notify</c>.</summary>
    public const int NotifyTextLength = 1000;

    /// <summary>Words, numbers, strings and signs in one test.</summary>
    public const int TokensPerTest = 20_000;

    /// <summary>Values in one series of a test: one a minute for a week.</summary>
    public const int SeriesLength = 7 * 24 * 60;

    /// <summary>Values in all series of all tests of a site.</summary>
    public const int SeriesValues = 1_000_000;
}
