using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM00xx and ULM01xx: characters, words and the order they come in.</summary>
internal static class SyntaxDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Syntax, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor InvalidCharacterCode = Error("ULM0001", "A character that means nothing here",
        "remove it, or put the name it belongs to in quotes");
    public static readonly DiagnosticDescriptor UnclosedStringCode = Error("ULM0002", "A quoted text without its closing quote",
        "a quoted text ends on the line it began on; write the closing `\"`");
    public static readonly DiagnosticDescriptor UnknownEscapeCode = Error("ULM0003", "A backslash before something it can't stand before",
        "in a quoted text only `\\\"` and `\\\\` are written with a backslash");
    public static readonly DiagnosticDescriptor UnexpectedCode = Error("ULM0101", "A word or sign in the wrong place", "");
    public static readonly DiagnosticDescriptor EndsTooSoonCode = Error("ULM0102", "A sentence that ends too soon", "");
    public static readonly DiagnosticDescriptor NotASentenceCode = Error("ULM0103", "Something that does not begin a sentence",
        "a rule begins with `policy`, `when`, `at`, `every`, `cron`, `on` or `have`; a constraint with `never`, `always`, `keep`, `prefer`, `reserve`, `limit`, `cooldown`"
        + " or `overcommit`; a definition with `let`, `hosts`, `calendar` or `timezone`; a test with `test`");
    public static readonly DiagnosticDescriptor MissingThenCode = Error("ULM0104", "A condition and an action without `then` between them",
        "write `then` between the condition and what is to be done");
    public static readonly DiagnosticDescriptor MisspeltCode = Error("ULM0105", "A misspelt keyword", "");
    public static readonly DiagnosticDescriptor UnclosedParenthesisCode = Error("ULM0106", "A parenthesis that is not closed",
        "write the missing `)`");
    public static readonly DiagnosticDescriptor UnknownWordCode = Error("ULM0107", "A form the language does not know", "");
    public static readonly DiagnosticDescriptor SaidOtherwiseCode = Error("ULM0108", "Something that is said in other words here", "");
    public static readonly DiagnosticDescriptor UnclosedBraceCode = Error("ULM0110", "A test whose brace is not closed", "write the missing `}`");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        InvalidCharacterCode, UnclosedStringCode, UnknownEscapeCode, UnexpectedCode, EndsTooSoonCode, NotASentenceCode, MissingThenCode,
        MisspeltCode, UnclosedParenthesisCode, UnknownWordCode, SaidOtherwiseCode, UnclosedBraceCode,
    ];

    /// <param name="meant">What to write instead, where there is one thing.</param>
    public static Diagnostic InvalidCharacter(Place at, string name, string? help, string? meant = null) =>
        Diagnostic.At(at, InvalidCharacterCode, $"{name} means nothing in a policy", "not expected here", help) with { Replacement = meant };

    public static Diagnostic ForeignQuotes(Place at, string meant) =>
        Diagnostic.At(at, InvalidCharacterCode, "a text stands in straight double quotation marks, which these are not", "other quotation marks", $"write `{Quote.Clean(meant)}`")
            with { Replacement = meant };

    public static Diagnostic BareZone(Place at) =>
        Diagnostic.At(at, InvalidCharacterCode, $"{Quote.Code(at.Text)} needs quotation marks", "a `/` means nothing in a bare name", $"write `\"{Quote.Clean(at.Text)}\"`")
            with { Replacement = $"\"{at.Text}\"" };

    public static Diagnostic UnclosedString(Place at) =>
        Diagnostic.At(at, UnclosedStringCode, "this quoted text is not closed", "no closing `\"` on this line");

    public static Diagnostic UnknownEscape(Place at) =>
        Diagnostic.At(at, UnknownEscapeCode, $"{Quote.Code(at.Text)} is not an escape", "a backslash says that the next character is meant literally");

    public static Diagnostic Unexpected(Place at, string expected, string? help) =>
        Diagnostic.At(at, UnexpectedCode, $"{Quote.Code(at.Text)} can't stand here", $"expected {expected}", help);

    public static Diagnostic ClosesNothing(Place at, string open) =>
        Diagnostic.At(at, UnexpectedCode, $"this `{at.Text}` closes nothing", $"no `{open}` is open here", $"remove it, or write the `{open}` it belongs to");

    public static Diagnostic EndsTooSoon(Place at, string expected, string? help) =>
        Diagnostic.At(at, EndsTooSoonCode, "the sentence ends too soon", $"expected {expected} after this", help);

    public static Diagnostic LineEndsTooSoon(Place at, string expected) =>
        Diagnostic.At(at, EndsTooSoonCode, "this line of the test ends too soon", $"expected {expected} after this");

    public static Diagnostic NotASentence(Place at, string? nearest) =>
        Diagnostic.At(at, NotASentenceCode, $"{Quote.Code(at.Text)} does not begin a sentence that is known", "not known as the beginning of a sentence",
            DidYouMean(nearest)) with { Replacement = nearest };

    public static Diagnostic MissingThen(Place at) =>
        Diagnostic.At(at, MissingThenCode, $"`then` is missing before {Quote.Code(at.Text)}", "write `then` before this") with { Replacement = $"then {at.Text}" };

    public static Diagnostic Misspelt(Place at, string keyword) =>
        Diagnostic.At(at, MisspeltCode, $"{Quote.Code(at.Text)} is not known here", $"did you mean `{keyword}`?") with { Replacement = keyword };

    public static Diagnostic UnclosedParenthesis(Place open, Place missing) =>
        Diagnostic.At(missing, UnclosedParenthesisCode, "a `)` is missing", "expected `)` before this", null, DiagnosticLabel.At(open, "this `(` is not closed"));

    public static Diagnostic UnclosedBrace(Place open, Place last) =>
        Diagnostic.At(last, UnclosedBraceCode, "a `}` is missing", "expected `}` after this", null, DiagnosticLabel.At(open, "this `{` is not closed"));

    public static Diagnostic UnknownWord(Place at, string expected, string? nearest, string? help = null) =>
        Diagnostic.At(at, UnknownWordCode, $"{Quote.Code(at.Text)} is not known here", $"expected {expected}", DidYouMean(nearest) ?? help) with { Replacement = nearest };

    public static Diagnostic SaidOtherwise(Place at, string said, string replacement) =>
        (said.StartsWith(at.Text + " ", StringComparison.Ordinal)
            ? Diagnostic.At(at, SaidOtherwiseCode, $"a word is missing after {Quote.Code(at.Text)}", "not whole without it", $"write `{Quote.Clean(said)}`")
            : Diagnostic.At(at, SaidOtherwiseCode, $"{Quote.Code(at.Text)} is said otherwise in a policy", "not known in these words", $"write `{Quote.Clean(said)}`"))
            with { Replacement = replacement };

    private static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{nearest}`?";
}
