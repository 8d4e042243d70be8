using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Finds words of a sentence again in its file, where the model only knows where the sentence begins. Of a file that compiles.</summary>
public sealed class SentenceWords
{
    private readonly SourceFile _file;
    private readonly ImmutableArray<SyntaxToken> _tokens;
    private readonly List<Range> _sentences;

    public SentenceWords(SourceText source)
    {
        _file = new SourceFile(source);
        _tokens = new Scanner(_file, new DiagnosticBag()).Scan();
        _sentences = SentenceSplitter.Split(_tokens);
    }

    /// <param name="name">A name as the model has it: bare or in quotes in the text.</param>
    /// <param name="behind">Of several such words, the last that stands behind one of these (in a list: behind what the list stands behind); else the last of all.</param>
    /// <returns>The place of the name; of the sentence's first word where the name is not in it.</returns>
    public WordPlace Find(SourceLocation sentence, string name, params ReadOnlySpan<string> behind)
    {
        var range = _sentences.Find(s => _file.Location(_tokens[s.Start].Span.Start) == sentence);
        var (first, end) = (range.Start.Value, range.End.Value);
        int? found = null;
        var foundBehind = false;
        for (var i = first + 1; i < end; i++)
        {
            if (_tokens[i].Kind == TokenKind.Sign || _tokens[i].Value != name)
                continue;
            var isBehind = behind.Contains(BeforeList(i).Text);
            if (isBehind || !foundBehind)
                (found, foundBehind) = (i, isBehind);
        }
        var span = _tokens[found ?? first].Span;
        var (line, column) = _file.Position(span.Start);
        return new WordPlace(span, line, column);
    }

    private SyntaxToken BeforeList(int i)
    {
        while (i > 2 && _tokens[i - 1] is { Kind: TokenKind.Sign, Text: Vocabulary.Comma })
            i -= 2;
        return _tokens[i - 1];
    }
}

/// <summary>Line and column count from 1.</summary>
public readonly record struct WordPlace(TextSpan Span, int Line, int Column);
