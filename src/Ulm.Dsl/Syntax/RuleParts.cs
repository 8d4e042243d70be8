using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

public abstract record TriggerSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record WhenSyntax(ConditionSyntax Condition, QuantitySyntax? For, TextSpan Span) : TriggerSyntax(Span);

public sealed record AtSyntax(ImmutableArray<QuantitySyntax> Times, ImmutableArray<NameSyntax> Days, TextSpan Span) : TriggerSyntax(Span);

public sealed record EverySyntax(QuantitySyntax Period, TextSpan Span) : TriggerSyntax(Span);

public abstract record ActionSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record EvacuateSyntax(bool Fitting, Resource? By, TextSpan Span) : ActionSyntax(Span);

public sealed record BalanceSyntax(Resource? By, QuantitySyntax? Within, TextSpan Span) : ActionSyntax(Span);

public sealed record ConsolidateSyntax(TextSpan Span) : ActionSyntax(Span);

public sealed record PowerOffSyntax(QuantitySyntax? Spare, TextSpan Span) : ActionSyntax(Span);

public sealed record PowerOnSyntax(QuantitySyntax Count, TextSpan Span) : ActionSyntax(Span);

public abstract record ModifierSyntax(TextSpan Span) : SyntaxNode(Span);

public sealed record UntilSyntax(ConditionSyntax Condition, TextSpan Span) : ModifierSyntax(Span);

public sealed record CooldownSyntax(QuantitySyntax Duration, TextSpan Span) : ModifierSyntax(Span);
