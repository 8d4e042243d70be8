using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>The same constraint twice, in one file or in two.</summary>
internal sealed class RepeatedConstraintLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var first = new Dictionary<object, BoundConstraint>();
        foreach (var constraint in site.Constraints)
        {
            object meaning = constraint.Constraint switch
            {
                StandingConstraint.NeverMigrate never => never.Vms,
                StandingConstraint.AlwaysKeepHostsOn keep => (keep.Count, keep.Cluster),
                var other => other,
            };
            if (!first.TryAdd(meaning, constraint))
                yield return LintDiagnostics.RepeatedConstraint(constraint.Place, first[meaning].Place);
        }
    }
}
