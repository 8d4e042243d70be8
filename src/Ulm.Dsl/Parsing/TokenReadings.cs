using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// What a token can be taken for, the most particular first. A word is a keyword where one can stand and only elsewhere a name, so
/// it is reserved in its own place alone. Where the grammar needs it, the token that follows decides.
/// </summary>
internal static partial class TokenReadings
{
    private static readonly FrozenSet<string> Functions = Vocabulary.TimeFunctions.Select(f => f.Word).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> DayWords = Vocabulary.Days.Select(d => d.Word).Concat(Vocabulary.Ordinals.Select(o => o.Word)).ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Name = [PolicyGrammar.Operand, PolicyGrammar.Word], Text = [PolicyGrammar.QuotedText];
    private static readonly string[] Number = [PolicyGrammar.Number], DateOrNumber = [PolicyGrammar.Date, PolicyGrammar.Number], RangeOrNumber = [PolicyGrammar.TimeRange, PolicyGrammar.Number];

    // Asked for at every token of every file, so they are made once.
    private static readonly FrozenDictionary<string, string[]> Keywords = Vocabulary.Keywords.ToFrozenDictionary(
        w => w, string[] (w) => Vocabulary.ReservedInConditions.Contains(w) || IsFunction(w) ? [w, PolicyGrammar.Word] : [w, PolicyGrammar.Operand, PolicyGrammar.Word], StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> AsWritten =
        Vocabulary.Keywords.Concat(Vocabulary.Signs).ToFrozenDictionary(w => w, string[] (w) => [w], StringComparer.Ordinal);

    private static readonly string[] AndOfActions = [PolicyGrammar.AndAction, Vocabulary.And], AndOfConditions = [Vocabulary.And, PolicyGrammar.AndAction];
    private static readonly string[] CommaOfDays = [Vocabulary.Comma, PolicyGrammar.CommaWindow], CommaOfWindows = [PolicyGrammar.CommaWindow, Vocabulary.Comma];

    public static string[] Of(SyntaxToken token, SyntaxToken? following) => token.Kind switch
    {
        TokenKind.Word when token.Text == Vocabulary.And => [.. OfWritten(token.Text, following), PolicyGrammar.Word],
        TokenKind.Word when IsFunction(token.Text) && !IsSign(following, Vocabulary.OpenParenthesis) => Name,
        TokenKind.Word => Keywords.GetValueOrDefault(token.Text, Name),
        TokenKind.Number when IsDate(token.Text) => DateOrNumber,
        TokenKind.Number when IsTimeRange(token) => RangeOrNumber,
        TokenKind.Number => Number,
        TokenKind.Text => Text,
        _ => OfWritten(token.Text, following),
    };

    /// <summary>The signs that stand for a keyword or sign of the language as it is written.</summary>
    public static string[] OfWritten(string word, SyntaxToken? following) => word switch
    {
        Vocabulary.And => BeginsAction(following) ? AndOfActions : AndOfConditions,
        Vocabulary.Comma => following is null || ContinuesDays(following) ? CommaOfDays : CommaOfWindows,
        _ => AsWritten.TryGetValue(word, out var own) ? own : [word],
    };

    private static bool BeginsAction(SyntaxToken? token) => token is { Kind: TokenKind.Word } && Vocabulary.ActionStarters.Contains(token.Text);

    private static bool ContinuesDays(SyntaxToken token) => token.Kind switch
    {
        TokenKind.Word => DayWords.Contains(token.Text),
        TokenKind.Number => !IsTimeRange(token),
        _ => false,
    };

    private static bool IsFunction(string word) => Functions.Contains(word);

    private static bool IsSign(SyntaxToken? token, string sign) => token is { Kind: TokenKind.Sign } && token.Text == sign;

    // Two times with a dash in between, right or wrong: 07:00-20:00, 7:00-20, 22-06:00.
    private static bool IsTimeRange(SyntaxToken token) => token.Text.AsSpan(1).ContainsAny('-', '–') && token.Text.Contains(':');

    // Whatever is meant for a date is taken for one, so that the message is about its form.
    private static bool IsDate(string text) => text.AsSpan().ContainsAny('-', '.', '/') && Date().IsMatch(text);

    [GeneratedRegex(@"^\d+[-./]\d+[-./]\d+$")]
    private static partial Regex Date();
}
