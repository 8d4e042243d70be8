using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>The same constraint twice, in one file or in two.</summary>
internal sealed class RepeatedConstraintLint : IPolicyLint
{
    private static readonly SourceLocation Nowhere = new("", 0, 0);

    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var first = new Dictionary<StandingConstraint, BoundConstraint>();
        foreach (var constraint in site.Constraints)
        {
            var meaning = constraint.Constraint with { Text = "", Location = Nowhere };
            if (!first.TryAdd(meaning, constraint))
                yield return LintDiagnostics.RepeatedConstraint(constraint.Place, first[meaning].Place);
        }
    }
}
