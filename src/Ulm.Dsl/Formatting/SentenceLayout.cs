using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Formatting;

/// <summary>
/// Lays one sentence out. A bare sentence that fits stays on one line; any other has a line for each clause, the first at the left
/// edge, the others indented, and breaks a clause further only where it does not fit or has a comment in it.
/// </summary>
internal sealed partial class SentenceLayout(CommentedTokens tokens)
{
    /// <summary>Columns a line may have, comments apart.</summary>
    public const int Width = 100;

    private const int Step = 2;

    private LineWriter _writer = new();
    private int _first;

    /// <summary>The lines of the sentence with the comments in it and behind it, but without those above its first token.</summary>
    /// <param name="first">The index of that token among those of the file.</param>
    public IReadOnlyList<FormattedLine> Lay(SentenceSyntax sentence, int first)
    {
        _writer = new LineWriter();
        _writer.Begin(0);
        _first = first;
        var clauses = SentencePieces.Of(sentence, first);
        var whole = new Piece(first, first + sentence.Tokens.Length, clauses);
        if (sentence is TestSyntax test)
            LayTest(test, clauses);
        else if (sentence is not RuleSyntax { Name: not null } && Fits(whole))
            Run(whole, 0);
        else
        {
            var inner = clauses.Length > 1 ? Step : 0;
            for (var i = 0; i < clauses.Length; i++)
            {
                if (i > 0)
                    _writer.Begin(inner);
                Put(clauses[i], inner + Step);
            }
        }
        return _writer.Lines;
    }

    /// <summary>Called where a line begins.</summary>
    /// <param name="further">How far the lines after the first are indented.</param>
    private void Put(Piece piece, int further)
    {
        if (piece.Parts.IsEmpty || Fits(piece))
        {
            Run(piece, further);
            return;
        }
        for (var i = 0; i < piece.Parts.Length; i++)
        {
            if (i > 0)
                _writer.Begin(further);
            Put(piece.Parts[i], further + Step);
        }
    }

    private void Run(Piece piece, int further)
    {
        for (var i = piece.First; i < piece.End; i++)
        {
            // Only a list is ever as long as this: times, days, values.
            if (i > piece.First && IsComma(i - 1) && _writer.Line.Column + WidthToComma(i, piece.End) > Width)
                _writer.Begin(further);
            Write(i, further);
        }
    }

    private int WidthToComma(int i, int end)
    {
        var width = 0;
        for (; i < end; i++)
        {
            width += tokens[i].Text.Length + (TokenSpacing.SpaceBetween(tokens[i - 1], tokens[i]) ? 1 : 0);
            if (IsComma(i))
                break;
        }
        return width;
    }

    private bool IsComma(int i) => tokens[i] is { Kind: TokenKind.Sign, Text: Vocabulary.Comma };

    private void Write(int i, int further)
    {
        if (i > _first && i != _commented && tokens.Above(i).Any(c => c is not null))
        {
            var indent = _writer.Line.IsBlank ? _writer.Line.Indent : further;
            foreach (var comment in tokens.Above(i).OfType<string>())
            {
                _writer.Begin(indent);
                _writer.Line.Comment = comment;
            }
            _writer.Begin(indent);
        }
        else if (_writer.Line.Comment is not null)
            _writer.Begin(further);

        var line = _writer.Line;
        if (line.Words.Length > 0 && TokenSpacing.SpaceBetween(tokens[i - 1], tokens[i]))
            line.Words.Append(' ');
        if (line.Words.Length > 0 && _columns.TryGetValue(i, out var column) && line.Column < column)
            line.Words.Append(' ', column - line.Column);
        line.Words.Append(tokens[i].Text);
        line.Comment = tokens.Behind(i);
    }

    private bool Fits(Piece piece)
    {
        var column = _writer.Line.Column + tokens[piece.First].Text.Length;
        for (var i = piece.First + 1; i < piece.End; i++)
        {
            if (tokens.Behind(i - 1) is not null || tokens.Above(i).Any(c => c is not null))
                return false;
            column += tokens[i].Text.Length + (TokenSpacing.SpaceBetween(tokens[i - 1], tokens[i]) ? 1 : 0);
        }
        return column <= Width;
    }
}
