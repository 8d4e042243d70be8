using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>A schedule whose time never comes (again): a date that has passed, days that an exception takes away, the 30th of February.</summary>
internal sealed class NeverComesLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site) => site.Rules
        .Where(r => MayNotCome(r.Rule.Trigger) && !site.Comes(r.Rule.Trigger))
        .Select(r => ScheduleDiagnostics.NeverComes(r.Sentence.At(r.Syntax.Trigger.Span)));

    // A day of the week comes every week: nearly every schedule, and nothing to compute.
    private static bool MayNotCome(Trigger trigger) => trigger switch
    {
        Trigger.At at => !at.Days.IsWeekly,
        Trigger.HaveOn have => !have.Days.IsWeekly,
        Trigger.Every { Between: { } between } => !between.Days.IsWeekly,
        Trigger.Cron => true,
        _ => false,
    };
}
