using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

/// <summary><c>test "..." { ... }</c></summary>
/// <param name="Start">Null where the sentence has none.</param>
/// <param name="Items">In the order of the text.</param>
public sealed record TestSyntax(
    NameSyntax Name, NameSyntax Site, TestStartSyntax? Start, ImmutableArray<TestItemSyntax> Items, ImmutableArray<SyntaxToken> Tokens, TextSpan Span)
    : SentenceSyntax(Tokens, Span);

public sealed record TestStartSyntax(QuantitySyntax Date, QuantitySyntax Time, TextSpan Span) : SyntaxNode(Span);

public abstract record TestItemSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary><c>host h1 cpu: 50% x 10, _ x 2</c></summary>
/// <param name="Of">Host or VM.</param>
/// <param name="Attribute">Without its subject: <c>cpu</c>, <c>memory.free</c>.</param>
/// <param name="Field">Of <c>munin["plugin.field"]</c>, the text in brackets; else null.</param>
public sealed record SeriesSyntax(
    SubjectKind Of, NameSyntax Subject, NameSyntax Attribute, NameSyntax? Field, ImmutableArray<SeriesValueSyntax> Values, TextSpan Span) : TestItemSyntax(Span);

/// <param name="Value">Null: a missed poll.</param>
/// <param name="Times">Null: once.</param>
public sealed record SeriesValueSyntax(QuantitySyntax? Value, QuantitySyntax? Times, TextSpan Span) : SyntaxNode(Span);

public sealed record TestEventSyntax(QuantitySyntax At, SubjectEvent Event, NameSyntax Subject, TextSpan Span) : TestItemSyntax(Span);

/// <param name="At">Null: at no time at all.</param>
public sealed record ExpectationSyntax(QuantitySyntax? At, ExpectedSyntax What, TextSpan Span) : TestItemSyntax(Span);

public abstract record ExpectedSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record ExpectedNothingSyntax(TextSpan Span) : ExpectedSyntax(Span);

public sealed record ExpectedStepSyntax(ExpectedStep Kind, NameSyntax? Vm, NameSyntax? Host, NameSyntax? By, TextSpan Span) : ExpectedSyntax(Span);

public sealed record ExpectedPendingSyntax(NameSyntax Rule, NameSyntax Subject, QuantitySyntax? For, TextSpan Span) : ExpectedSyntax(Span);

public sealed record ExpectedFiresSyntax(NameSyntax Rule, NameSyntax? Subject, TextSpan Span) : ExpectedSyntax(Span);

/// <param name="Names">At most a rule and a code, in either order.</param>
public sealed record ExpectedRefusedSyntax(ImmutableArray<NameSyntax> Names, TextSpan Span) : ExpectedSyntax(Span);
