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

    /// <summary>A consolidation that fills hosts to where another rule empties them.</summary>
    private static IEnumerable<Diagnostic> PackingPairs(BoundSite site)
    {
        var evacuating = site.Rules.Where(r => r.Syntax.Trigger is WhenSyntax && r.Rule.Actions.Any(a => a is PolicyAction.Evacuate)).ToList();
        foreach (var rule in site.Rules)
        {
            for (var i = 0; i < rule.Rule.Actions.Length; i++)
            {
                if (rule.Rule.Actions[i] is not PolicyAction.Consolidate pack)
                    continue;
                foreach (var other in evacuating.Where(o => MeetInCluster(o.Rule, rule.Rule)))
                {
                    var condition = ((Trigger.When)other.Rule.Trigger).Condition;
                    if (Clashes(condition, PolicyAttribute.HostCpu, pack.BelowCpuPercent) || Clashes(condition, PolicyAttribute.HostMemory, pack.BelowMemoryPercent))
                    {
                        yield return SafetyDiagnostics.PackedToTheMark(rule.File.At(rule.Syntax.Actions[i].Span), WhenOf(other));
                        break;
                    }
                }
            }
        }
    }

    // Alone enough to evacuate a host: `host.cpu > 75% or ...`, but not `host.cpu > 75% and vm.cpu > 90%`.
    private static bool Clashes(Condition condition, PolicyAttribute attribute, double? filledTo) => filledTo is { } below && condition switch
    {
        Condition.Or or => or.Operands.Any(o => Clashes(o, attribute, filledTo)),
        Condition.Comparison { Left: Quantity.Read read, Operator: ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual, Right: Quantity.Constant mark } =>
            read.Attribute == attribute && mark.Value <= below,
        Condition.Comparison { Left: Quantity.Constant mark, Operator: ComparisonOperator.Less or ComparisonOperator.LessOrEqual, Right: Quantity.Read read } =>
            read.Attribute == attribute && mark.Value <= below,
        _ => false,
    };

    private static bool MeetInCluster(Rule a, Rule b) => a.Guards.Cluster is null || b.Guards.Cluster is null || a.Guards.Cluster == b.Guards.Cluster;

    private static Place WhenOf(BoundRule rule) => rule.File.At(((WhenSyntax)rule.Syntax.Trigger).Condition.Span);
}
