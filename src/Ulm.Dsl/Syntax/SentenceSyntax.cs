using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

/// <summary>What a sentence says, before anything is known about names and units. The parent of a node spans all its parts.</summary>
public abstract record SyntaxNode(TextSpan Span);

/// <summary>A word or quoted text that names something.</summary>
public sealed record NameSyntax(string Value, TextSpan Span) : SyntaxNode(Span);

/// <summary>A number with whatever stands right behind it.</summary>
public sealed record QuantitySyntax(string Text, TextSpan Span) : SyntaxNode(Span);

/// <summary>One sentence. Spans, its tokens' too, count from its first word.</summary>
/// <param name="Tokens">All of its words as they were understood (misspelt keywords mended), without comments.</param>
public abstract record SentenceSyntax(ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SyntaxNode(Span)
{
    /// <summary>True: a fault in it was reported; it says what was most likely meant, and is checked further but never used.</summary>
    public bool Mended { get; init; }
}

public sealed record RuleSyntax(
    NameSyntax? Name, TriggerSyntax Trigger, ImmutableArray<GuardSyntax> Guards, ImmutableArray<ActionSyntax> Actions, ImmutableArray<ModifierSyntax> Modifiers,
    ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);

/// <summary>Gives something a name. Its first three tokens are the keyword, the name and <c>=</c>.</summary>
public abstract record DefinitionSyntax(NameSyntax Name, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);

/// <summary><c>let NAME = CONDITION</c>; a time window is a condition too.</summary>
public sealed record LetSyntax(NameSyntax Name, ConditionSyntax Condition, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : DefinitionSyntax(Name, Tokens, Span);

/// <summary><c>hosts NAME = CONDITION</c></summary>
public sealed record HostGroupSyntax(NameSyntax Name, ConditionSyntax Condition, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : DefinitionSyntax(Name, Tokens, Span);

/// <summary><c>calendar NAME = DATE to DATE, DATE</c></summary>
public sealed record DateCalendarSyntax(NameSyntax Name, ImmutableArray<DateRangeSyntax> Ranges, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : DefinitionSyntax(Name, Tokens, Span);

/// <summary><c>calendar NAME = file "PATH"</c></summary>
public sealed record FileCalendarSyntax(NameSyntax Name, NameSyntax Path, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : DefinitionSyntax(Name, Tokens, Span);

public sealed record TimeZoneSyntax(NameSyntax Zone, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);
