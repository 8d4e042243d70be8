using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

/// <summary>A sentence that holds in every state.</summary>
public abstract record ConstraintSyntax(ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : SentenceSyntax(Tokens, Span);

public sealed record NeverMigrateSyntax(SelectorSyntax Vms, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : ConstraintSyntax(Tokens, Span);

public sealed record NeverPowerOffSyntax(SelectorSyntax Hosts, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : ConstraintSyntax(Tokens, Span);

/// <param name="Hard"><c>keep</c>, not <c>prefer</c>.</param>
/// <param name="Together"><c>together</c>, not <c>apart</c>.</param>
public sealed record AffinitySyntax(bool Hard, bool Together, SelectorSyntax Vms, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record KeepOnSyntax(SelectorSyntax Vms, SelectorSyntax Hosts, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record AlwaysKeepSyntax(QuantitySyntax Count, NameSyntax? Cluster, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

/// <param name="Of">Null: hosts.</param>
public sealed record ReserveSyntax(QuantitySyntax Amount, Resource? Of, NameSyntax? Cluster, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record LimitMigrationsSyntax(QuantitySyntax? PerHost, QuantitySyntax? InTotal, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record MigrationBudgetSyntax(QuantitySyntax Count, QuantitySyntax Per, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record PowerCycleBudgetSyntax(QuantitySyntax Count, QuantitySyntax Per, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : ConstraintSyntax(Tokens, Span);

public sealed record VmCooldownSyntax(QuantitySyntax Duration, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : ConstraintSyntax(Tokens, Span);

public sealed record OvercommitSyntax(QuantitySyntax Factor, ImmutableArray<SyntaxToken> Tokens, TextSpan Span) : ConstraintSyntax(Tokens, Span);

public enum SelectorKind
{
    /// <summary>By their names; of hosts, also by the name of a definition.</summary>
    Listed,
    Named,
    Tagged,
}

/// <summary><c>vms a, b</c>, <c>host tagged "x"</c>.</summary>
/// <param name="Names">Of <see cref="SelectorKind.Named"/> and <see cref="SelectorKind.Tagged"/>, one: the pattern or the tag.</param>
public sealed record SelectorSyntax(SelectorKind Kind, ImmutableArray<NameSyntax> Names, TextSpan Span) : SyntaxNode(Span);
