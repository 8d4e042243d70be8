using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A `for` so short that a single measurement decides: it holds back nothing.</summary>
internal sealed class ShortHoldLint : IPolicyLint
{
    /// <summary>Fewer tell a spike from a load as little as one does.</summary>
    private const int LeastPolls = 2;

    public IEnumerable<Diagnostic> Check(BoundSite site) =>
        from rule in site.Rules
        let hold = (rule.Rule.Trigger as Trigger.When)?.For
        let written = (rule.Syntax.Trigger as WhenSyntax)?.For
        where written is not null && hold > TimeSpan.Zero && hold < LeastPolls * site.PollingInterval
        select LintDiagnostics.ShortHold(rule.Sentence.At(written.Span), site.PollingInterval);
}
