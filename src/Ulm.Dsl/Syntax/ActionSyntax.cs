using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

public abstract record ActionSyntax(TextSpan Span) : SyntaxNode(Span)
{
    /// <summary>The condition that ends the action; null where it has none.</summary>
    public virtual ConditionSyntax? Condition => null;
}

/// <param name="Count">Null: one.</param>
/// <param name="To">Null: as the server thinks best.</param>
public sealed record EvacuateSyntax(
    QuantitySyntax? Count, VmOrder Order, bool Fitting, ResourceSyntax? By, HostPreference? To, ConditionSyntax? ToHostsWhere, TextSpan Span) : ActionSyntax(Span)
{
    public override ConditionSyntax? Condition => ToHostsWhere;
}

/// <param name="Host">Null: the host that the rule fires for.</param>
public sealed record DrainSyntax(NameSyntax? Host, TextSpan Span) : ActionSyntax(Span);

public sealed record BalanceSyntax(ResourceSyntax? By, QuantitySyntax? Within, TextSpan Span) : ActionSyntax(Span);

public sealed record ConsolidateSyntax(QuantitySyntax? ToAtLeast, ImmutableArray<LevelSyntax> Below, TextSpan Span) : ActionSyntax(Span);

public sealed record PowerOffSyntax(QuantitySyntax? Spare, TextSpan Span) : ActionSyntax(Span);

public sealed record SuspendSyntax(QuantitySyntax? Spare, TextSpan Span) : ActionSyntax(Span);

public sealed record PowerOnSyntax(QuantitySyntax Count, TextSpan Span) : ActionSyntax(Span);

public sealed record PowerOnUntilSyntax(ConditionSyntax Until, TextSpan Span) : ActionSyntax(Span)
{
    public override ConditionSyntax Condition => Until;
}

public sealed record ShutDownSyntax(NameSyntax Host, QuantitySyntax? For, TextSpan Span) : ActionSyntax(Span);

/// <param name="Enter">Else: leave.</param>
public sealed record MaintenanceSyntax(bool Enter, NameSyntax Host, TextSpan Span) : ActionSyntax(Span);

public sealed record MigrateVmSyntax(NameSyntax Vm, NameSyntax Host, TextSpan Span) : ActionSyntax(Span);

public sealed record NotifySyntax(NameSyntax Text, NameSyntax? Via, TextSpan Span) : ActionSyntax(Span);

public sealed record RunHookSyntax(NameSyntax Hook, TextSpan Span) : ActionSyntax(Span);

public sealed record ResourceSyntax(Resource Of, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>80% cpu</c></summary>
public sealed record LevelSyntax(QuantitySyntax Percent, Resource Of, TextSpan Span) : SyntaxNode(Span);
