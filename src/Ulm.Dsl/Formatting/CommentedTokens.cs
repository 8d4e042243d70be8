using System.Collections.Immutable;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Formatting;

/// <summary>The tokens of a sound file in order, with the comments and blank lines round each.</summary>
internal sealed class CommentedTokens
{
    private readonly ImmutableArray<Trivia> _before;

    public CommentedTokens(string text, ImmutableArray<SyntaxToken> tokens)
    {
        All = tokens;
        var before = ImmutableArray.CreateBuilder<Trivia>(tokens.Length + 1);
        var end = text.StartsWith('\uFEFF') ? 1 : 0;
        for (var i = 0; i <= tokens.Length; i++)
        {
            before.Add(Trivia.Read(text, end, i < tokens.Length ? tokens[i].Span.Start : text.Length, afterToken: i > 0));
            end = i < tokens.Length ? tokens[i].Span.End : text.Length;
        }
        _before = before.ToImmutable();
    }

    public ImmutableArray<SyntaxToken> All { get; }

    public SyntaxToken this[int i] => All[i];

    /// <summary>Comments and blank lines with lines of their own above a token; of the index behind the last one, at the end of the file.</summary>
    public ImmutableArray<string?> Above(int i) => _before[i].Lines;

    /// <summary>The comment behind a token on its line.</summary>
    public string? Behind(int i) => _before[i + 1].AtLineEnd;

    /// <summary>Every comment in the order of the text.</summary>
    public IEnumerable<string> Comments => _before.SelectMany(t => t.AtLineEnd is { } behind ? t.Comments.Prepend(behind) : t.Comments);
}
