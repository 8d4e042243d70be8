using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>From the text of a file to its sentences.</summary>
internal static class FileParser
{
    public static ParsedFile Parse(SourceFile file, DiagnosticBag bag, SentenceMemo? memo = null)
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

        var count = 0;
        foreach (var range in SentenceSplitter.Split(tokens))
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
                var whole = tokens[request.Start].Span.To(tokens[request.End - 1].Span);
                if (request.FirstWord is null && memo?.Find(file.Text.AsSpan(whole.Start, whole.Length)) is { } known)
                {
                    sentences.Add(new ParsedSentence(file, whole.Start, known.Syntax) { Known = known });
                    break;
                }
                var errors = bag.ErrorCount;
                var result = reader.Read(request);
                next = result.Rest;
                if (result.Entries.IsDefault)
                {
                    broken.Add(tokens[request.Start..(next?.Start ?? request.End)]);
                    continue;
                }
                var syntax = SentenceTree.Parse(result.Entries) ?? throw new InvalidOperationException("The table refused a sentence that it had accepted.");
                if (errors != bag.ErrorCount || AnyWithin(scanner.Faults, syntax.Span with { Start = whole.Start }))
                    syntax = syntax with { Mended = true };
                // What is kept must follow from the words alone: that they are a sentence, the whole of it and as it was written.
                var kept = memo is not null && request.FirstWord is null && next is null && !syntax.Mended ? memo.Keep(file[whole], syntax) : null;
                sentences.Add(new ParsedSentence(file, whole.Start, syntax) { Known = kept });
            }
        }
        return new ParsedFile(file, sentences.ToImmutable(), broken.ToImmutable());
    }

    private static bool AnyWithin(List<int> faults, TextSpan span)
    {
        var index = faults.BinarySearch(span.Start);
        index = index < 0 ? ~index : index;
        return index < faults.Count && faults[index] < span.End;
    }
}
