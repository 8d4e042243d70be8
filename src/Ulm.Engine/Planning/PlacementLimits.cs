using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Marks;

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

    /// <summary>What has to stay free, bytes and per cent of the host on top of them.</summary>
    internal (double Bytes, double Percent) LeastFree { get; init; }

    /// <summary>What else keeps a host from taking a VM: that a rule would send it away again.</summary>
    internal ImmutableArray<RuleMarks> Marks { get; init; } = [];

    /// <summary>True: another rule's marks are no obstacle where the rule acts on the VM's host as well, and for more.</summary>
    internal bool EasingIsEnough { get; init; }

    /// <summary>The limits within a rule's own action: a move that would make its condition true on the target cures nothing.</summary>
    public PlacementLimits ForRule(Rule rule) => Within(new RuleMarks(rule));

    /// <summary>With the marks of other rules: one that would act on the target would send the VM on.</summary>
    internal PlacementLimits Beside(IEnumerable<RuleMarks> others) => this with { Marks = Marks.AddRange(others) };

    /// <summary>For moves that could wait: no rule that evacuates is given more to do by them.</summary>
    public PlacementLimits ForBalance(IEnumerable<Rule> rules) => WithinThoseOf(rules.Where(TakesVmsOff), gap: 0);

    /// <summary>A rule that, at a mark, takes VMs off its host.</summary>
    internal static bool TakesVmsOff(Rule rule) => rule.Actions.Any(a => a is PolicyAction.Evacuate or PolicyAction.Drain { Host: null });

    public PlacementLimits ForConsolidation(IEnumerable<Rule> rules) =>
        WithinThoseOf(rules.Where(r => TakesVmsOff(r) || r.Actions.Any(a => a is PolicyAction.Balance)), ConsolidationGap);

    /// <summary>Bytes of its memory that a host's VMs may hold.</summary>
    internal double MemoryOf(Host host) => Math.Min(MemoryPercent / 100 * host.MemoryBytes, host.MemoryBytes * (1 - LeastFree.Percent / 100) - LeastFree.Bytes);

    /// <summary>Another rule acts on this host: see <see cref="EasingIsEnough"/>.</summary>
    internal bool CanEase(Placement placement, int host) => Marks.Any(m => m.AsThingsAre && m.Hold(placement, host, -1));

    /// <summary>The marks that one more VM would take a host over; null: none.</summary>
    internal RuleMarks? Passed(Placement placement, int host, int vm)
    {
        foreach (var marks in Marks)
            if (marks.Hold(placement, host, vm) && !(EasingIsEnough && marks.AsThingsAre && marks.AreEased(placement, host, vm))) return marks;
        return null;
    }

    private PlacementLimits WithinThoseOf(IEnumerable<Rule> rules, double gap) => rules.Aggregate(this, (limits, rule) => limits.Within(new RuleMarks(rule, gap)));

    /// <summary>What plain limits can say they say, as searches over all hosts need it; the marks themselves say the rest.</summary>
    private PlacementLimits Within(RuleMarks marks) => this with
    {
        CpuPercent = Math.Min(CpuPercent, marks.Lowest(PolicyAttribute.HostCpu) ?? CpuPercent),
        MemoryPercent = Math.Min(MemoryPercent, marks.Lowest(PolicyAttribute.HostMemory) ?? MemoryPercent),
        LeastFree = marks.LeastFree is { } free && free > LeastFree.Bytes ? (free, marks.Gap) : LeastFree,
        Marks = marks.AreCpuAlone ? Marks : Marks.Add(marks),
    };
}
