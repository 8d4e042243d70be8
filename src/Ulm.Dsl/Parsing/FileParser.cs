using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>From the text of a file to its sentences.</summary>
internal static class FileParser
{
    public static ParsedFile Parse(SourceFile file, DiagnosticBag bag)
    {
        if (file.Text.Length > CompilerLimits.FileLength)
        {
            bag.Add(LimitDiagnostics.FileTooLong(file.At(new TextSpan(0, 0))));
            return new ParsedFile(file, [], []);
        }

        var scanner = new Scanner(file, bag);
        var tokens = scanner.Scan();
        var reader = new SentenceReader(file, bag, tokens);
        var sentences = ImmutableArray.CreateBuilder<ParsedSentence>();
        var broken = ImmutableArray.CreateBuilder<ImmutableArray<SyntaxToken>>();

        var waiting = new Queue<Range>(SentenceSplitter.Split(tokens));
        var count = 0;
        while (waiting.TryDequeue(out var range))
        {
            // A sentence whose first word is misspelt is found only by reading the one before it, so one range can give several.
            ReadRequest? next = new ReadRequest(range.Start.Value, range.End.Value);
            while (next is { } request)
            {
                if (++count > CompilerLimits.SentencesPerFile)
                {
                    bag.Add(LimitDiagnostics.TooManySentences(file.At(tokens[request.Start].Span)));
                    broken.Add(tokens[request.Start..]);
                    return new ParsedFile(file, sentences.ToImmutable(), broken.ToImmutable());
                }
                var errors = bag.ErrorCount;
                var result = reader.Read(request);
                if (result.Entries.IsDefault)
                    broken.Add(tokens[request.Start..(result.Rest?.Start ?? request.End)]);
                else
                {
                    var sentence = Build(file, result.Entries);
                    var mended = errors != bag.ErrorCount || AnyWithin(scanner.Faults, sentence.Place.Span);
                    sentences.Add(mended ? new ParsedSentence(file, sentence.Start, sentence.Syntax with { Mended = true }) : sentence);
                }
                next = result.Rest;
            }
        }
        return new ParsedFile(file, sentences.ToImmutable(), broken.ToImmutable());
    }

    private static ParsedSentence Build(SourceFile file, ImmutableArray<Entry> entries) =>
        new(file, entries[0].Token.Span.Start, SentenceTree.Parse(entries) ?? throw new InvalidOperationException("The table refused a sentence that it had accepted."));

    private static bool AnyWithin(List<int> faults, TextSpan span)
    {
        var index = faults.BinarySearch(span.Start);
        index = index < 0 ? ~index : index;
        return index < faults.Count && faults[index] < span.End;
    }
}
