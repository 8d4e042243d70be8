using System.Globalization;
using System.Text;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Parsing;

/// <summary>Says what an unexpected character is, so that one that can't be seen can be found.</summary>
internal static class InvalidCharacter
{
    public static bool SameSort(char a, char b) => a == b || (a > 127 && b > 127 && !IsQuote(a) && !IsQuote(b) && !IsBlank(a) && !IsBlank(b));

    /// <summary>A name for the message and, where there is one, what to write instead.</summary>
    public static (string Name, string? Help) Describe(string run)
    {
        var c = run[0];
        return c switch
        {
            '\u00A0' or '\u202F' or '\u2007' => ("a no-break space", "write an ordinary space; this one often comes from a web page or a word processor"),
            _ when IsQuote(c) => ($"the quotation mark {Quote.Code(run)}", "write the straight quotation mark `\"`"),
            '\'' => ("a single quotation mark", "write names in double quotation marks `\"`"),
            '%' => ("a `%` without a number", "write the number right before it, for example `75%`"),
            '-' or '–' => ($"{Quote.Code(run)}", "a time window is written without blanks, for example `07:00-20:00`"),
            ';' => ("`;`", "sentences need no end mark; remove it"),
            '!' => ("`!`", "write `!=` for not equal, and `not` before a condition"),
            '&' => ($"{Quote.Code(run)}", "write `and`"),
            '|' => ($"{Quote.Code(run)}", "write `or`"),
            '≥' => ("`≥`", "write `>=`"),
            '≤' => ("`≤`", "write `<=`"),
            '≠' => ("`≠`", "write `!=`"),
            '{' or '}' => ($"{Quote.Code(run)}", "sentences are not put in braces; remove it"),
            _ when char.IsControl(c) || IsBlank(c) => ($"the invisible character {CodePoint(run)}", "remove it"),
            _ when c > 127 => ($"{Quote.Code(run)} ({CodePoint(run)})", null),
            _ => (Quote.Code(run), null),
        };
    }

    /// <summary>A sign of other languages that is made of signs of this one, such as <c>==</c>.</summary>
    public static bool IsForeignSign(string text, int at) => at + 1 < text.Length && text.AsSpan(at, 2) is "==" or "<>" or "=>" or "=<";

    /// <summary>What was most likely meant, so that the rest of the sentence can still be read; null where that is anybody's guess.</summary>
    public static string? Meant(string run) => run switch
    {
        "&&" or "&" => Vocabulary.And,
        "||" or "|" => Vocabulary.Or,
        "≥" or "=>" => ">=",
        "≤" or "=<" => "<=",
        "≠" or "<>" => "!=",
        "==" => "=",
        // An end mark, which sentences need none of.
        ";" or "." => "",
        _ => null,
    };

    /// <summary>What ends a text that this character begins; empty where it begins none.</summary>
    public static string ClosingQuotes(char opening) => opening switch
    {
        '“' or '”' or '„' or '«' or '»' => "”“»«\"",
        '\'' or '‘' or '’' or '`' => "'’‘`",
        _ => "",
    };

    private static bool IsQuote(char c) => c is '“' or '”' or '„' or '«' or '»' or '‘' or '’';

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    private static string CodePoint(string text) =>
        "U+" + (Rune.TryGetRuneAt(text, 0, out var rune) ? rune.Value : text[0]).ToString("X4", CultureInfo.InvariantCulture);
}
