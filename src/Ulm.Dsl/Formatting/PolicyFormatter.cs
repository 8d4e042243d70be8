using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Formatting;

/// <summary>Writes a policy file the one way there is. Pure, safe to call from several threads.</summary>
public static class PolicyFormatter
{
    /// <summary>
    /// The canonical form of a text: every word and comment as written and in the same order, laid out anew, ending in one line end.
    /// What it means is compared with the original before it is given out. Formatting it again changes nothing.
    /// </summary>
    public static FormatResult Format(SourceText source)
    {
        // The text is looked at several times, and what is laid out anew still has many of its sentences.
        var memo = new SentenceMemo();
        var faults = PolicyCompiler.Compile([source], CompilerOptions.Default, memo).Diagnostics.Where(IsOfThisFile).ToImmutableArray();
        if (faults.Length > 0 || SoundText.Read(source, memo) is not { } sound)
            return new FormatResult.Faulty(faults);
        var formatted = FileLayout.Lay(sound.Tokens, sound.Sentences);
        return formatted != source.Text && Meaning.Difference(source, source with { Text = formatted }, memo) is { } difference
            ? new FormatResult.Refused($"laid out anew, {difference}")
            : new FormatResult.Formatted(formatted);
    }

    // A name that this file does not define may be defined in another: that is for the compiler of all files to say. And no calendar
    // file is read here.
    private static bool IsOfThisFile(Diagnostic diagnostic) =>
        diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Descriptor != NameDiagnostics.UnknownNameCode
        && diagnostic.Descriptor != ScheduleDiagnostics.CalendarUnavailableCode && diagnostic.Descriptor != TestDiagnostics.UnknownRuleCode;
}

/// <summary>What became of a text that was to be formatted.</summary>
public abstract record FormatResult
{
    private FormatResult() { }

    /// <param name="Text">May be the same as before.</param>
    public sealed record Formatted(string Text) : FormatResult;

    /// <summary>The text has errors, so that nobody knows what its words are to mean.</summary>
    public sealed record Faulty(ImmutableArray<Diagnostic> Diagnostics) : FormatResult;

    /// <summary>The formatter itself is at fault: its result would not have meant the same, and is withheld.</summary>
    public sealed record Refused(string Because) : FormatResult;
}
