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

/// <summary>A name from <c>let</c> or <c>hosts</c>.</summary>
public sealed record NamedConditionSyntax(NameSyntax Name, TextSpan Span) : ConditionSyntax(Span);

public sealed record ComparisonSyntax(OperandSyntax Left, ComparisonOperator Operator, string Sign, OperandSyntax Right, TextSpan Span)
    : ConditionSyntax(Span);

/// <summary><c>host is draining</c>, <c>tagged "db"</c>.</summary>
public sealed record AsksSyntax(SubjectSyntax? Subject, SubjectTestSyntax Test, TextSpan Span) : ConditionSyntax(Span);

/// <summary><c>any host (COND)</c></summary>
public sealed record QuantifiedSyntax(Quantifier Quantifier, SubjectKind Over, ConditionSyntax Inner, TextSpan Span) : ConditionSyntax(Span);

/// <summary>A time window as it stands.</summary>
public sealed record WithinSyntax(TimeWindowSyntax Window) : ConditionSyntax(Window.Span);

public sealed record SubjectSyntax(SubjectKind Kind, TextSpan Span) : SyntaxNode(Span);

public abstract record SubjectTestSyntax(NameSyntax Operand, TextSpan Span) : SyntaxNode(Span);

/// <param name="Operand">A state, or the name of a group of hosts.</param>
public sealed record IsSyntax(NameSyntax Operand, TextSpan Span) : SubjectTestSyntax(Operand, Span);

public sealed record TaggedSyntax(NameSyntax Operand, TextSpan Span) : SubjectTestSyntax(Operand, Span);

public sealed record NamedSyntax(NameSyntax Operand, TextSpan Span) : SubjectTestSyntax(Operand, Span);

public sealed record InClusterSyntax(NameSyntax Operand, TextSpan Span) : SubjectTestSyntax(Operand, Span);

public abstract record OperandSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>A word that should be an attribute; <c>host.idle for</c> counts as one.</summary>
/// <param name="Field">What stands in the brackets of <c>host.munin["plugin.field"]</c>.</param>
public sealed record ReadSyntax(NameSyntax Attribute, NameSyntax? Field, TextSpan Span) : OperandSyntax(Span);

public sealed record ConstantSyntax(QuantitySyntax Quantity) : OperandSyntax(Quantity.Span);

/// <summary><c>avg( X , 15m )</c></summary>
public sealed record OverTimeSyntax(TimeFunction Function, ReadSyntax Read, QuantitySyntax Window, TextSpan Span) : OperandSyntax(Span);

/// <summary><c>count of hosts (COND)</c></summary>
public sealed record CountOfSyntax(SubjectKind Over, ConditionSyntax Inner, TextSpan Span) : OperandSyntax(Span);
