using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Lints;

/// <summary>Two rules of which one does what the other undoes: hosts would be powered off and on, VMs packed and spread, without end.</summary>
internal sealed class UndoingRulesLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site) => PowerPairs(site).Concat(PackingPairs(site));

    /// <summary>A condition that powers hosts off beside one that powers them on.</summary>
    private static IEnumerable<Diagnostic> PowerPairs(BoundSite site)
    {
        var constants = new ConstantConditions();
        var switching = site.Rules.Where(r => r.Rule.Trigger is Trigger.When && r.Syntax.Trigger is WhenSyntax).ToList();
        var on = switching.Where(r => r.Rule.Actions.Any(a => a is PolicyAction.PowerOn or PolicyAction.PowerOnUntil)).ToList();
        foreach (var off in switching.Where(r => r.Rule.Actions.Any(a => a is PolicyAction.PowerOffIdle or PolicyAction.SuspendIdle)))
        {
            foreach (var other in on.Where(o => o != off && MeetInCluster(o.Rule, off.Rule)))
            {
                if (constants.IsSpent)
                    yield break;
                var gap = OppositeMarks.Between(((Trigger.When)off.Rule.Trigger).Condition, ((Trigger.When)other.Rule.Trigger).Condition, constants);
                if (gap is { Overlaps: true })
                    yield return SafetyDiagnostics.RulesUndo(WhenOf(off), gap.Name, WhenOf(other));
                else if (gap is { IsMissing: true })
                    yield return SafetyDiagnostics.MissingGap(WhenOf(off), gap.Name, WhenOf(other));
            }
        }
    }

    /// <summary>A consolidation that fills hosts to where another rule takes VMs off them.</summary>
    private static IEnumerable<Diagnostic> PackingPairs(BoundSite site)
    {
        var emptying = site.Rules.Where(r => r.Syntax.Trigger is WhenSyntax && r.Rule.Actions.Any(a => a is PolicyAction.Evacuate or PolicyAction.Balance or PolicyAction.Drain { Host: null })).Select(Emptying.Of).Where(e => e.HasMark).ToList();
        var lowest = new Emptying(null!, emptying.Select(e => e.Cpu).DefaultIfEmpty(double.PositiveInfinity).Min(), emptying.Select(e => e.Memory).DefaultIfEmpty(double.PositiveInfinity).Min());
        foreach (var rule in site.Rules)
        {
            for (var i = 0; i < rule.Rule.Actions.Length; i++)
            {
                // Most are below all marks, so that not each of them is held against each rule.
                if (rule.Rule.Actions[i] is PolicyAction.Consolidate pack && lowest.IsReachedBy(pack)
                    && emptying.Find(e => MeetInCluster(e.Rule.Rule, rule.Rule) && e.IsReachedBy(pack)) is { } other)
                    yield return SafetyDiagnostics.PackedToTheMark(rule.Sentence.At(rule.Syntax.Actions[i].Span), WhenOf(other.Rule));
            }
        }
    }

    /// <summary>
    /// A rule that takes VMs off hosts, and the lowest marks that are alone enough for it, at least on some hosts and at some time: of `host.cpu > 75% or ...` and of
    /// `host.cpu > 75% and not host is draining`, but not of `host.cpu > 75% and vm.cpu > 90%`.
    /// </summary>
    private sealed record Emptying(BoundRule Rule, double Cpu, double Memory)
    {
        public bool HasMark => double.IsFinite(Cpu) || double.IsFinite(Memory);

        public static Emptying Of(BoundRule rule)
        {
            var condition = ((Trigger.When)rule.Rule.Trigger).Condition;
            return new Emptying(rule, Lowest(condition, PolicyAttribute.HostCpu), Lowest(condition, PolicyAttribute.HostMemory));
        }

        public bool IsReachedBy(PolicyAction.Consolidate pack) => Cpu <= pack.BelowCpuPercent || Memory <= pack.BelowMemoryPercent;

        private static double Lowest(Condition condition, PolicyAttribute attribute) => condition switch
        {
            Condition.Or or => or.Operands.Min(o => Lowest(o, attribute)),
            Condition.And and => and.Operands.Where(o => !IsQuestion(o)).Select(o => Lowest(o, attribute)).DefaultIfEmpty(double.PositiveInfinity).Max(),
            Condition.Comparison { Left: var read, Operator: ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual, Right: Quantity.Constant mark }
                when read.Level == attribute => mark.Value,
            Condition.Comparison { Left: Quantity.Constant mark, Operator: ComparisonOperator.Less or ComparisonOperator.LessOrEqual, Right: var read }
                when read.Level == attribute => mark.Value,
            Condition.Quantified { Quantifier: Quantifier.Any, Over: SubjectKind.Host } any => Lowest(any.Inner, attribute),
            _ => double.PositiveInfinity,
        };

        /// <summary>Which hosts, and when: no load makes the answer another.</summary>
        private static bool IsQuestion(Condition condition) =>
            condition is Condition.Within or Condition.Asks { Test: not SubjectTest.InState { State: HostCondition.Idle or HostCondition.Empty } } || (condition is Condition.Not not && IsQuestion(not.Operand));
    }

    private static bool MeetInCluster(Rule a, Rule b) => a.Guards.Cluster is null || b.Guards.Cluster is null || a.Guards.Cluster == b.Guards.Cluster;

    private static Place WhenOf(BoundRule rule) => rule.Sentence.At(((WhenSyntax)rule.Syntax.Trigger).Condition.Span);
}
