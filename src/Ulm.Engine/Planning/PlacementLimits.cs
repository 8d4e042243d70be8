using Ulm.Dsl.Policies;

namespace Ulm.Engine.Planning;

/// <summary>How full a host may get by a move, per cent of its CPU and of its memory.</summary>
public sealed record PlacementLimits(double CpuPercent, double MemoryPercent)
{
    /// <summary>80 % CPU; 95 % memory, the rest is for the host itself and the hypervisor's overhead.</summary>
    public static readonly PlacementLimits Default = new(80, 95);

    /// <summary>
    /// Points that consolidation stays below the lowest mark above which a rule takes VMs off hosts: filled right up to the mark, a host would
    /// shed at the next small rise what was just brought.
    /// </summary>
    public const double ConsolidationGap = 10;

    /// <summary>The limits within a rule's own action: a move that would make its condition true on the target cures nothing.</summary>
    public PlacementLimits ForRule(Rule rule) => Below(RuleMarks.Of(rule), 0);

    public PlacementLimits ForConsolidation(IEnumerable<Rule> rules) => rules
        .Where(r => r.Actions.Any(a => a is PolicyAction.Evacuate or PolicyAction.Balance or PolicyAction.Drain { Host: null }))
        .Aggregate(this, (limits, rule) => limits.Below(RuleMarks.Of(rule), ConsolidationGap));

    private PlacementLimits Below(RuleMarks marks, double gap) => new(
        Math.Min(CpuPercent, Math.Max(0, marks.Cpu - gap ?? CpuPercent)),
        Math.Min(MemoryPercent, Math.Max(0, marks.Memory - gap ?? MemoryPercent)));
}

/// <summary>The marks a rule watches hosts for: the lowest value it is "above", per resource; null where it has none.</summary>
public sealed record RuleMarks(double? Cpu, double? Memory)
{
    public static RuleMarks Of(Rule rule) => rule.Trigger is Trigger.When when
        ? new RuleMarks(Lowest(when.Condition, PolicyAttribute.HostCpu), Lowest(when.Condition, PolicyAttribute.HostMemory))
        : new RuleMarks(null, null);

    private static double? Lowest(Condition condition, PolicyAttribute attribute) => condition switch
    {
        Condition.And and => Min(and.Operands.Select(o => Lowest(o, attribute))),
        Condition.Or or => Min(or.Operands.Select(o => Lowest(o, attribute))),
        Condition.Comparison { Left: var read, Operator: ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual, Right: Quantity.Constant mark }
            when read.Level == attribute => mark.Value,
        Condition.Comparison { Left: Quantity.Constant mark, Operator: ComparisonOperator.Less or ComparisonOperator.LessOrEqual, Right: var read }
            when read.Level == attribute => mark.Value,
        // One such host is enough for the rule.
        Condition.Quantified { Quantifier: Quantifier.Any, Over: SubjectKind.Host } any => Lowest(any.Inner, attribute),
        _ => null,
    };

    private static double? Min(IEnumerable<double?> marks) => marks.Min();
}
