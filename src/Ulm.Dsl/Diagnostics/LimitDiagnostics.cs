using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM002x: more text than the compiler takes on.</summary>
internal static class LimitDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Syntax, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor FileTooLongCode = Error("ULM0020", "A file that is too long",
        "share the sentences out among several files");
    public static readonly DiagnosticDescriptor TooManySentencesCode = Error("ULM0021", "A file with too many sentences",
        "share the sentences out among several files");
    public static readonly DiagnosticDescriptor SentenceTooLongCode = Error("ULM0022", "A sentence that is too long",
        "give parts of it a name with `let`, or write several sentences");
    public static readonly DiagnosticDescriptor NestedTooDeeplyCode = Error("ULM0023", "A condition nested too deeply",
        "give the inner part a name with `let`");
    public static readonly DiagnosticDescriptor TooManyDiagnosticsCode = Error("ULM0024", "A file with more faults than are shown",
        "mend the first ones and compile again; later ones often follow from them");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [FileTooLongCode, TooManySentencesCode, SentenceTooLongCode, NestedTooDeeplyCode, TooManyDiagnosticsCode];

    public static Diagnostic FileTooLong(Place at) => Diagnostic.At(at, FileTooLongCode,
        $"the file has {at.File.Text.Length} characters; {CompilerLimits.FileLength} is the most a policy file may have", "the file begins here");

    public static Diagnostic TooManySentences(Place at) => Diagnostic.At(at, TooManySentencesCode,
        $"the file has more than {CompilerLimits.SentencesPerFile} sentences", "nothing from here on was read");

    public static Diagnostic SentenceTooLong(Place at, int most) => Diagnostic.At(at, SentenceTooLongCode,
        $"the sentence has more than {most} words", "this sentence was not read");

    public static Diagnostic NestedTooDeeply(Place at) => Diagnostic.At(at, NestedTooDeeplyCode,
        $"more than {CompilerLimits.NestingDepth} parentheses and `not`s stand inside one another", "too deep here");

    public static Diagnostic TooManyDiagnostics(Place at, int count) => Diagnostic.At(at, TooManyDiagnosticsCode,
        $"only the first {CompilerLimits.DiagnosticsPerFile} of {count} faults in this file are shown");
}
