using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>An evacuation for what a VM uses itself, which is the same wherever it runs: it is moved on again and again, as long as it lasts.</summary>
internal sealed class NoMoveEndsItLint : ISentenceLint
{
    public IEnumerable<Diagnostic> Check(LintedSentence sentence)
    {
        // With a second mark the rule moves one VM, and waits.
        if (sentence.Rule is not { Rule: { Trigger: Trigger.When { Subject: SubjectKind.Vm } when, Until: null, Guards: var guards } rule, Syntax: { Trigger: WhenSyntax watch } syntax })
            return [];
        if (rule.Actions.FirstOrDefault(a => a is PolicyAction.Evacuate) is not { } evacuate) return [];
        if (!new[] { when.Condition, guards.Where, guards.Unless }.OfType<Condition>().All(IsOfTheVmAlone)) return [];
        return [SafetyDiagnostics.NoMoveEndsIt(sentence.Sentence.At(watch.Condition.Span), sentence.Sentence.At(syntax.Actions[rule.Actions.IndexOf(evacuate)].Span))];
    }

    /// <summary>False as soon as anything has a part in it that may be otherwise on another host.</summary>
    private static bool IsOfTheVmAlone(Condition condition) => condition switch
    {
        Condition.And and => and.Operands.All(IsOfTheVmAlone),
        Condition.Or or => or.Operands.All(IsOfTheVmAlone),
        Condition.Not not => IsOfTheVmAlone(not.Operand),
        Condition.Comparison comparison => IsOfTheVmAlone(comparison.Left) && IsOfTheVmAlone(comparison.Right),
        Condition.Asks asks => asks.Subject is null or SubjectKind.Vm || asks.Test is SubjectTest.InCluster,
        Condition.Within => true,
        _ => false,
    };

    /// <summary>What munin measures within a VM may well be its host's doing, such as stolen CPU time.</summary>
    private static bool IsOfTheVmAlone(Quantity quantity) => quantity switch
    {
        Quantity.Constant => true,
        Quantity.Read read => IsItsOwn(read.Attribute),
        Quantity.OverTime over => IsItsOwn(over.Attribute),
        _ => false,
    };

    private static bool IsItsOwn(PolicyAttribute attribute) => attribute.Subject == SubjectKind.Vm && attribute.MuninField is null;
}
