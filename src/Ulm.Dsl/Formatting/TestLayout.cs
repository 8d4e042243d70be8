using System.Collections.Immutable;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Formatting;

/// <summary>
/// A test is a block: its items indented, a line each, with the blank lines that were between them; the values of its series begin in
/// one column and go on in it.
/// </summary>
internal sealed partial class SentenceLayout
{
    // A series with a longer beginning than this is not waited for.
    private const int LongestHead = 40;

    /// <summary>Columns that tokens are moved to.</summary>
    private readonly Dictionary<int, int> _columns = [];

    /// <summary>A token whose comments above it are written.</summary>
    private int _commented = -1;

    private void LayTest(TestSyntax test, ImmutableArray<Piece> clauses)
    {
        var heads = Heads(test, clauses);
        var values = heads.Values.Where(h => h.Width <= LongestHead).Select(h => Step + h.Width + 1).DefaultIfEmpty().Max();
        Run(clauses[0], Step);
        for (var i = 1; i < clauses.Length - 1; i++)
        {
            var item = clauses[i];
            Above(item.First, tokens.Above(item.First).SkipWhile(c => c is null && i == 1));
            _writer.Begin(Step);
            if (heads.TryGetValue(i, out var head) && head.Width <= LongestHead)
            {
                _columns[head.Colon + 1] = values;
                Run(item, values);
            }
            else
                Run(item, Step + Step);
        }
        Close(clauses[^1].First);
    }

    // Of each series: where its colon stands, and how wide all before it is.
    private Dictionary<int, (int Colon, int Width)> Heads(TestSyntax test, ImmutableArray<Piece> clauses)
    {
        var heads = new Dictionary<int, (int, int)>();
        var items = clauses.Length - 1 - test.Items.Length;
        for (var i = items; i < clauses.Length - 1; i++)
        {
            if (test.Items[i - items] is not SeriesSyntax)
                continue;
            var (width, at) = (tokens[clauses[i].First].Text.Length, clauses[i].First);
            while (tokens[at] is not { Kind: TokenKind.Sign, Text: Vocabulary.Colon })
            {
                at++;
                width += tokens[at].Text.Length + (TokenSpacing.SpaceBetween(tokens[at - 1], tokens[at]) ? 1 : 0);
            }
            heads[i] = (at, width);
        }
        return heads;
    }

    // Comments and blank lines as they were; the block neither begins nor ends with a blank one.
    private void Above(int token, IEnumerable<string?> comments)
    {
        foreach (var comment in comments)
        {
            if (comment is null)
                _writer.Blank();
            else
            {
                _writer.Begin(Step);
                _writer.Line.Comment = comment;
            }
        }
        _commented = token;
    }

    private void Close(int brace)
    {
        Above(brace, tokens.Above(brace).Reverse().SkipWhile(c => c is null).Reverse().SkipWhile(c => c is null));
        _writer.Begin(0);
        _writer.Line.Words.Append(tokens[brace].Text);
        _writer.Line.Comment = tokens.Behind(brace);
    }
}
