using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>A sentence that was read without a fault, apart from where it stands.</summary>
internal sealed class KnownSentence(SentenceSyntax syntax)
{
    public SentenceSyntax Syntax => syntax;

    /// <summary>Null: it is not known, or there is something to say about it, which is said anew each time.</summary>
    public SentenceMeaning? Meaning { get; set; }
}

/// <param name="Bound">A rule without its name and place, or a constraint without its place.</param>
/// <param name="Uses">Where it names definitions.</param>
internal sealed record SentenceMeaning(object Bound, ImmutableArray<DefinitionUse> Uses)
{
    /// <summary>How many parts of conditions the lints looked at to find nothing in it; null: they have not looked yet.</summary>
    public long? LintCost { get; init; }
}

internal readonly record struct DefinitionUse(string Name, TextSpan Span);
