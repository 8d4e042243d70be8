using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>What could be read of a file.</summary>
/// <param name="Broken">The tokens of sentences that could not be read, so that what they speak of is not called unused or missing.</param>
internal sealed record ParsedFile(SourceFile File, ImmutableArray<SentenceSyntax> Sentences, ImmutableArray<ImmutableArray<SyntaxToken>> Broken);
