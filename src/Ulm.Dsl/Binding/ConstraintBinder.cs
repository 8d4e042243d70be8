using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A constraint, and the sentence it comes from.</summary>
internal sealed record BoundConstraint(StandingConstraint Constraint, SentenceSyntax Syntax, SourceFile File)
{
    public Place Place => File.At(Syntax.Span);
}

/// <summary>Standing constraints.</summary>
internal sealed class ConstraintBinder(SourceFile file, DiagnosticBag bag)
{
    /// <summary>Null where the sentence has a fault.</summary>
    public BoundConstraint? Bind(NeverMigrateSyntax syntax)
    {
        var errors = bag.ErrorCount;
        RuleNames.CheckUsable(syntax.Operand, file.At(syntax.Operand.Span), bag);
        if (errors != bag.ErrorCount)
            return null;
        Selector vms = syntax.Selector switch
        {
            SelectorKind.Exactly => new Selector.Exactly([syntax.Operand.Value]),
            SelectorKind.Named => new Selector.Named(syntax.Operand.Value),
            SelectorKind.Tagged => new Selector.Tagged(syntax.Operand.Value),
            _ => throw new InvalidOperationException($"No binding for {syntax.Selector}."),
        };
        return Bound(new StandingConstraint.NeverMigrate(vms) { Text = Text(syntax), Location = file.Location(syntax.Span.Start) }, syntax);
    }

    /// <summary>Null where the sentence has a fault.</summary>
    public BoundConstraint? Bind(AlwaysKeepSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var count = new QuantityReader(file, bag).Count(syntax.Count, least: 1);
        if (syntax.Cluster is { } cluster)
            RuleNames.CheckUsable(cluster, file.At(cluster.Span), bag);
        if (count is null || errors != bag.ErrorCount)
            return null;
        return Bound(new StandingConstraint.AlwaysKeepHostsOn(count.Value, syntax.Cluster?.Value)
        {
            Text = Text(syntax),
            Location = file.Location(syntax.Span.Start),
        }, syntax);
    }

    private BoundConstraint Bound(StandingConstraint constraint, SentenceSyntax syntax) => new(constraint, syntax, file);

    private static string Text(SentenceSyntax syntax) => string.Join(' ', syntax.Tokens.Select(t => t.Text));
}
