using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

public abstract record TriggerSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record WhenSyntax(ConditionSyntax Condition, QuantitySyntax? For, TextSpan Span) : TriggerSyntax(Span);

public sealed record AtSyntax(ImmutableArray<QuantitySyntax> Times, DaysSyntax? Days, TextSpan Span) : TriggerSyntax(Span);

/// <param name="Between">Both times, or none.</param>
public sealed record EverySyntax(QuantitySyntax Period, ImmutableArray<QuantitySyntax> Between, DaysSyntax? Days, TextSpan Span) : TriggerSyntax(Span);

/// <param name="Expression">What stands in the quotes.</param>
public sealed record CronSyntax(NameSyntax Expression, TextSpan Span) : TriggerSyntax(Span);

public sealed record OnSyntax(SubjectEvent Event, TextSpan Span) : TriggerSyntax(Span);

public sealed record HaveSyntax(QuantitySyntax Count, QuantitySyntax By, DaysSyntax? Days, TextSpan Span) : TriggerSyntax(Span);

public abstract record GuardSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record InClusterGuardSyntax(NameSyntax Cluster, TextSpan Span) : GuardSyntax(Span);

public sealed record WhereSyntax(ConditionSyntax Condition, TextSpan Span) : GuardSyntax(Span);

/// <param name="Times">Each a <see cref="TimeWindowSyntax"/>, or a <see cref="NameSyntax"/> from <c>let</c>.</param>
public sealed record DuringSyntax(ImmutableArray<SyntaxNode> Times, TextSpan Span) : GuardSyntax(Span);

public sealed record UnlessSyntax(ConditionSyntax Condition, TextSpan Span) : GuardSyntax(Span);

public abstract record ModifierSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record UntilSyntax(ConditionSyntax Condition, TextSpan Span) : ModifierSyntax(Span);

public sealed record CooldownSyntax(QuantitySyntax Duration, SubjectSyntax? Per, TextSpan Span) : ModifierSyntax(Span);

public sealed record AtMostSyntax(QuantitySyntax Count, BudgetOf Of, QuantitySyntax? Per, TextSpan Span) : ModifierSyntax(Span);

public sealed record PrioritySyntax(QuantitySyntax Priority, TextSpan Span) : ModifierSyntax(Span);

public sealed record ModeSyntax(RuleMode Mode, TextSpan Span) : ModifierSyntax(Span);

public sealed record BecauseSyntax(NameSyntax Text, TextSpan Span) : ModifierSyntax(Span);
