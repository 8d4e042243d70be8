using System.Text.RegularExpressions;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// What a token can be taken for, the most particular first. A word is a keyword where one can stand and only elsewhere a name, so
/// it is reserved in its own place alone. Where the grammar needs it, the token that follows decides.
/// </summary>
internal static partial class TokenReadings
{
    public static IEnumerable<string> Of(SyntaxToken token, SyntaxToken? following) => token.Kind switch
    {
        TokenKind.Word when IsFunction(token.Text) => IsSign(following, Vocabulary.OpenParenthesis) ? [token.Text, PolicyGrammar.Word] : [PolicyGrammar.Operand, PolicyGrammar.Word],
        TokenKind.Word when Vocabulary.ReservedInConditions.Contains(token.Text) => [.. OfWritten(token.Text, following), PolicyGrammar.Word],
        TokenKind.Word when Vocabulary.Keywords.Contains(token.Text) => [token.Text, PolicyGrammar.Operand, PolicyGrammar.Word],
        TokenKind.Word => [PolicyGrammar.Operand, PolicyGrammar.Word],
        TokenKind.Number when Date().IsMatch(token.Text) => [PolicyGrammar.Date, PolicyGrammar.Number],
        TokenKind.Number when IsTimeRange(token) => [PolicyGrammar.TimeRange, PolicyGrammar.Number],
        TokenKind.Number => [PolicyGrammar.Number],
        TokenKind.Text => [PolicyGrammar.QuotedText],
        _ => OfWritten(token.Text, following),
    };

    /// <summary>The signs that stand for a keyword or sign of the language as it is written.</summary>
    public static IEnumerable<string> OfWritten(string word, SyntaxToken? following) => word switch
    {
        Vocabulary.And => BeginsAction(following)
            ? [PolicyGrammar.AndAction, Vocabulary.And]
            : [Vocabulary.And, PolicyGrammar.AndAction],
        Vocabulary.Comma => following is null || ContinuesDays(following)
            ? [Vocabulary.Comma, PolicyGrammar.CommaWindow]
            : [PolicyGrammar.CommaWindow, Vocabulary.Comma],
        _ => [word],
    };

    private static bool BeginsAction(SyntaxToken? token) => token is { Kind: TokenKind.Word } && Vocabulary.ActionStarters.Contains(token.Text);

    private static bool ContinuesDays(SyntaxToken token) => token.Kind switch
    {
        TokenKind.Word => Vocabulary.Days.Any(d => d.Word == token.Text) || Vocabulary.Ordinals.Any(o => o.Word == token.Text),
        TokenKind.Number => !IsTimeRange(token),
        _ => false,
    };

    private static bool IsFunction(string word) => Vocabulary.TimeFunctions.Any(f => f.Word == word);

    private static bool IsSign(SyntaxToken? token, string sign) => token is { Kind: TokenKind.Sign } && token.Text == sign;

    // Two times with a dash in between, right or wrong: 07:00-20:00, 7:00-20, 22-06:00.
    private static bool IsTimeRange(SyntaxToken token) => token.Text.IndexOf('-', 1) > 0 && token.Text.Contains(':');

    // Whatever is meant for a date is taken for one, so that the message is about its form.
    [GeneratedRegex(@"^\d+[-./]\d+[-./]\d+$")]
    private static partial Regex Date();
}
