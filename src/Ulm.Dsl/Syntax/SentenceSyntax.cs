using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

/// <summary>What a sentence says, before anything is known about names and units. The parent of a node spans all its parts.</summary>
public abstract record SyntaxNode(TextSpan Span);

/// <summary>A word or quoted text that names something.</summary>
public sealed record NameSyntax(string Value, TextSpan Span) : SyntaxNode(Span);

/// <summary>A number with whatever stands right behind it.</summary>
public sealed record QuantitySyntax(string Text, TextSpan Span) : SyntaxNode(Span);

/// <summary>One sentence.</summary>
/// <param name="Tokens">All of its words as they were understood (misspelt keywords mended), without comments.</param>
public abstract record SentenceSyntax(ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SyntaxNode(Span)
{
    /// <summary>True: a fault in it was reported; it says what was most likely meant, and is checked further but never used.</summary>
    public bool Mended { get; init; }
}

public sealed record RuleSyntax(
    NameSyntax? Name, TriggerSyntax Trigger, ImmutableArray<ActionSyntax> Actions, ImmutableArray<ModifierSyntax> Modifiers,
    ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);

public sealed record LetSyntax(NameSyntax Name, ConditionSyntax Condition, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : SentenceSyntax(Tokens, Span);

public sealed record TimeZoneSyntax(NameSyntax Zone, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);
