using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

public enum TokenKind
{
    /// <summary>A keyword or a name; which of the two is for the parser to say.</summary>
    Word,

    /// <summary>Whatever begins with a digit: <c>75%</c>, <c>1h30m</c>, <c>20:00</c>; read by the binder.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A sign such as <c>&gt;=</c> or <c>(</c>.</summary>
    Sign,
}

/// <param name="Text">As written, quotes included.</param>
/// <param name="Value">Of a quoted text, what stands between the quotes with escapes replaced; else the same as <paramref name="Text"/>.</param>
public sealed record SyntaxToken(TokenKind Kind, string Text, string Value, TextSpan Span)
{
    internal bool Is(string word) => Kind == TokenKind.Word && Text == word;
}
