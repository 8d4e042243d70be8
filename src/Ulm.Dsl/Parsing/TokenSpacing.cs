using System.Text;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Where a blank stands between two words of one line.</summary>
internal static class TokenSpacing
{
    public static bool SpaceBetween(SyntaxToken before, SyntaxToken after)
    {
        if (before is { Kind: TokenKind.Sign, Text: Vocabulary.OpenParenthesis or Vocabulary.OpenBracket })
            return false;
        if (after is { Kind: TokenKind.Sign, Text: Vocabulary.OpenParenthesis })
            return !(before.Kind == TokenKind.Word && Vocabulary.TimeFunctions.Any(f => f.Word == before.Text));
        return after is not
        {
            Kind: TokenKind.Sign,
            Text: Vocabulary.CloseParenthesis or Vocabulary.Comma or Vocabulary.OpenBracket or Vocabulary.CloseBracket or Vocabulary.Colon,
        };
    }

    /// <summary>The tokens on one line, however they were laid out.</summary>
    public static string Join(ReadOnlySpan<SyntaxToken> tokens)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && SpaceBetween(tokens[i - 1], tokens[i]))
                text.Append(' ');
            text.Append(tokens[i].Text);
        }
        return text.ToString();
    }

    /// <summary>What stands at a place, on one line and without comments.</summary>
    public static string Join(ParsedSentence sentence, TextSpan span) => Join(sentence.Tokens(span));
}
