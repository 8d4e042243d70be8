using System.Text;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>Where a blank stands between two words of one line.</summary>
internal static class TokenSpacing
{
    public static bool SpaceBetween(SyntaxToken before, SyntaxToken after) =>
        before is not { Kind: TokenKind.Sign, Text: Vocabulary.OpenParenthesis }
        && after is not { Kind: TokenKind.Sign, Text: Vocabulary.CloseParenthesis or Vocabulary.Comma };

    /// <summary>The tokens on one line, however they were laid out.</summary>
    public static string Join(IReadOnlyList<SyntaxToken> tokens)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && SpaceBetween(tokens[i - 1], tokens[i]))
                text.Append(' ');
            text.Append(tokens[i].Text);
        }
        return text.ToString();
    }
}
