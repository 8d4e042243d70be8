using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>The same action twice in one rule. (Two <c>evacuate</c> are two moves; <c>power on</c> adds up.)</summary>
internal sealed class RepeatedActionLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        foreach (var rule in site.Rules)
        {
            var actions = rule.Rule.Actions;
            for (var i = 1; i < actions.Length; i++)
            {
                var first = actions.IndexOf(actions[i]);
                if (first < i && actions[i] is not (PolicyAction.Evacuate or PolicyAction.PowerOn))
                    yield return LintDiagnostics.RepeatedAction(rule.Sentence.At(rule.Syntax.Actions[i].Span), rule.Sentence.At(rule.Syntax.Actions[first].Span));
            }
        }
    }
}
