using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

public abstract record ConditionSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>Two or more operands joined by <c>or</c>.</summary>
public sealed record OrSyntax(ImmutableArray<ConditionSyntax> Operands, TextSpan Span) : ConditionSyntax(Span);

/// <summary>Two or more operands joined by <c>and</c>.</summary>
public sealed record AndSyntax(ImmutableArray<ConditionSyntax> Operands, TextSpan Span) : ConditionSyntax(Span);

public sealed record NotSyntax(ConditionSyntax Operand, TextSpan Span) : ConditionSyntax(Span);

/// <summary>A condition in parentheses; its span holds them.</summary>
public sealed record ParenthesisedSyntax(ConditionSyntax Inner, TextSpan Span) : ConditionSyntax(Span);

/// <summary>A name from <c>let</c>.</summary>
public sealed record NamedConditionSyntax(NameSyntax Name, TextSpan Span) : ConditionSyntax(Span);

public sealed record ComparisonSyntax(OperandSyntax Left, ComparisonOperator Operator, string Sign, OperandSyntax Right, TextSpan Span)
    : ConditionSyntax(Span);

public abstract record OperandSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>A word that should be an attribute.</summary>
public sealed record ReadSyntax(NameSyntax Attribute) : OperandSyntax(Attribute.Span);

public sealed record ConstantSyntax(QuantitySyntax Quantity) : OperandSyntax(Quantity.Span);
