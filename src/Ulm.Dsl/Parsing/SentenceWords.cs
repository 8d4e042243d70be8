using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Finds words of sentences again in their texts, where the model only knows where a sentence begins. Of texts that compile.</summary>
public sealed class SentenceWords
{
    private readonly Dictionary<SourceLocation, Sentence> _sentences = [];
    private readonly Dictionary<string, Sentence> _definitions = new(StringComparer.Ordinal);

    public SentenceWords(IEnumerable<SourceText> sources)
    {
        foreach (var source in sources)
        {
            var file = new SourceFile(source);
            var tokens = new Scanner(file, new DiagnosticBag()).Scan();
            foreach (var range in SentenceSplitter.Split(tokens))
            {
                var sentence = new Sentence(file, tokens[range]);
                _sentences[file.Location(sentence.Tokens[0].Span.Start)] = sentence;
                if (sentence.Tokens.Length > 1 && (sentence.Tokens[0].Is(Vocabulary.Let) || sentence.Tokens[0].Is(Vocabulary.Hosts)))
                    _definitions.TryAdd(sentence.Tokens[1].Value, sentence);
            }
        }
    }

    private sealed record Sentence(SourceFile File, ImmutableArray<SyntaxToken> Tokens);

    /// <param name="name">A name as the model has it: bare or in quotes in the text.</param>
    /// <param name="behind">What the name stands behind (in a list: what the list stands behind).</param>
    /// <returns>
    /// The last such place of the sentence; else that of a definition which the sentence names, or which such a definition names; else the last place of the
    /// word in the sentence; else its first word.
    /// </returns>
    public WordPlace Find(SourceLocation sentence, string name, params ReadOnlySpan<string> behind)
    {
        var begin = _sentences[sentence];
        var (waiting, seen) = (new Queue<Sentence>([begin]), new HashSet<Sentence>(ReferenceEqualityComparer.Instance) { begin });
        while (waiting.TryDequeue(out var next))
        {
            if (Last(next, name, behind) is { } found)
                return PlaceOf(next, found);
            foreach (var token in next.Tokens)
            {
                if (token.Kind != TokenKind.Sign && _definitions.TryGetValue(token.Value, out var definition) && seen.Add(definition))
                    waiting.Enqueue(definition);
            }
        }
        return PlaceOf(begin, begin.Tokens.LastOrDefault(t => t.Kind != TokenKind.Sign && t.Value == name && t != begin.Tokens[0]) ?? begin.Tokens[0]);
    }

    private static SyntaxToken? Last(Sentence sentence, string name, ReadOnlySpan<string> behind)
    {
        for (var i = sentence.Tokens.Length - 1; i > 0; i--)
        {
            if (sentence.Tokens[i].Kind != TokenKind.Sign && sentence.Tokens[i].Value == name && behind.Contains(BeforeList(sentence.Tokens, i).Text))
                return sentence.Tokens[i];
        }
        return null;
    }

    private static SyntaxToken BeforeList(ImmutableArray<SyntaxToken> tokens, int i)
    {
        while (i > 2 && tokens[i - 1] is { Kind: TokenKind.Sign, Text: Vocabulary.Comma })
            i -= 2;
        return tokens[i - 1];
    }

    private static WordPlace PlaceOf(Sentence sentence, SyntaxToken token)
    {
        var (line, column) = sentence.File.Position(token.Span.Start);
        return new WordPlace(sentence.File.Name, token.Span, line, column);
    }
}

/// <summary>Line and column count from 1.</summary>
public readonly record struct WordPlace(string SourceFile, TextSpan Span, int Line, int Column);
