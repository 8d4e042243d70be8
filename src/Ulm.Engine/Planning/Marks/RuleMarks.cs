using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning.Marks;

/// <summary>
/// What a rule acts on a host for, as far as moves have a say in it: a host that it would act on once a VM is there is no place for that VM.
/// </summary>
/// <param name="Gap">Points of a host's CPU or memory to stay away from each mark.</param>
internal sealed record RuleMarks(Rule Rule, double Gap = 0)
{
    private readonly Watched _watched = Watched.Of(Rule);

    /// <summary>
    /// What moves have no say in, be it a part of the condition or the time of day: true, it is asked as it is now; false, it is taken to hold, as it may at any moment.
    /// </summary>
    public bool AsThingsAre { get; init; }

    /// <summary>True: a VM that comes can set the rule off at its new host.</summary>
    public bool AreNeared => _watched.Marks.Any(m => m.IsNeared);

    /// <summary>True: a VM that comes takes its new host out of the rule's reach, as with <c>host.cpu &lt; 30%</c>; hosts that the rule empties may be filled from one another.</summary>
    public bool AreLeft => !AreNeared && _watched.Marks.Any();

    /// <summary>True: <see cref="Lowest"/> of CPU says all there is to say.</summary>
    public bool AreCpuAlone
    {
        get
        {
            var limits = _watched.Sufficient.Where(m => m is { Operator: ComparisonOperator.Greater, Other: Quantity.Constant } && m.Attribute == PolicyAttribute.HostCpu).ToHashSet();
            return _watched.Marks.Where(m => m.IsNeared).All(limits.Contains);
        }
    }

    /// <summary>The lowest value of a share that sets the rule off alone, less the gap; null: there is none.</summary>
    public double? Lowest(PolicyAttribute share) => Sufficient(share).Min(m => (double?)Math.Max(0, m - Gap));

    /// <summary>How much is free, in bytes, where less sets the rule off alone; null: nothing does.</summary>
    public double? LeastFree => Sufficient(PolicyAttribute.HostMemoryFree).Max(m => (double?)m);

    /// <summary>The rule would act on this host, as far as moves have a say in it.</summary>
    /// <param name="vm">One more VM that goes there; -1: none.</param>
    public bool Hold(Placement placement, int host, int vm) =>
        (AsThingsAre ? (AreNeared || IsAboutHostsAsTheyAre) && IsInForce(placement, host) : AreNeared) && Judge(_watched, placement, host, vm) == Truth.True;

    /// <summary>The rule acts on the VM's host as well, and for more than it would on the other: the move takes from what it has to do.</summary>
    public bool AreEased(Placement placement, int host, int vm)
    {
        var from = placement.HostAt(vm);
        var passed = _watched.Marks.Where(m => m.IsNeared && Judge(m, placement, host, vm) == Truth.True).ToList();
        return passed.Count > 0 && Hold(placement, from, -1) && passed.All(m => Beyond(m, placement, host, vm) < Beyond(m, placement, from, -1));
    }

    /// <summary>Which mark a VM would take a host over, in words.</summary>
    public string Why(Placement placement, int host, int vm)
    {
        if (_watched.Marks.FirstOrDefault(m => m.IsNeared && Judge(m, placement, host, vm) == Truth.True) is not { } mark)
            return $"is where rule {Rule.Name} acts: {(Rule.Trigger is Trigger.When when ? ConditionText.Of(when.Condition) : Rule.Trigger)}";
        var value = Show.Value(new HostOutlook(placement, host, vm).Of(mark.Attribute), mark.Attribute.Unit);
        var gap = GapOf(mark.Attribute) > 0 ? $"{Show.Percent(Gap)} of the host less than where" : "where";
        return $"{mark.Attribute.Name["host.".Length..]} would be {value}, {gap} rule {Rule.Name} acts: {mark.Text}";
    }

    private IEnumerable<double> Sufficient(PolicyAttribute attribute) =>
        _watched.Sufficient.Where(m => m.IsNeared && m.Attribute == attribute).Select(m => m.Other).OfType<Quantity.Constant>().Select(c => c.Value);

    /// <summary>Such as one of swap, or of a tag: VMs that come neither set it off nor end it.</summary>
    private bool IsAboutHostsAsTheyAre => Rule.Trigger is Trigger.When { Subject: SubjectKind.Host } && !_watched.Marks.Any();

    private bool IsInForce(Placement placement, int host) =>
        (Rule.Guards.Cluster is not { } cluster || cluster == placement.Site.Hosts[host].Cluster)
        && (Rule.Guards.During.IsEmpty || Rule.Guards.During.Any(w => w.Contains(placement.Facts.LocalTime)));

    /// <summary>Of parts that all must hold, those that moves have no say in are taken to hold, unless they are asked.</summary>
    private Truth Judge(Watched watched, Placement placement, int host, int vm)
    {
        switch (watched)
        {
            case Watched.All all:
                var allOf = Truth.Unknown;
                foreach (var part in all.Parts)
                {
                    var truth = Judge(part, placement, host, vm);
                    if (truth == Truth.False) return Truth.False;
                    if (truth == Truth.True) allOf = Truth.True;
                }

                return allOf;
            case Watched.Any any:
                var anyOf = Truth.False;
                foreach (var part in any.Parts)
                {
                    var truth = Judge(part, placement, host, vm);
                    if (truth == Truth.True) return Truth.True;
                    if (truth == Truth.Unknown) anyOf = Truth.Unknown;
                }

                return anyOf;
            case Watched.Mark mark:
                return Judge(mark, placement, host, vm);
            case Watched.Lasting lasting:
                return new ConditionEvaluator(placement.Facts).Evaluate(lasting.Asks, placement.Site.Hosts[host].Ref) == (lasting.Wanted ? Truth.False : Truth.True) ? Truth.False : AsThingsAre ? Truth.True : Truth.Unknown;
            case Watched.Open open when AsThingsAre:
                return Holds(open, placement, host, vm) ? Truth.True : Truth.False;
            default:
                return Truth.Unknown;
        }
    }

    /// <summary>Of VMs, for any that would be there.</summary>
    private static bool Holds(Watched.Open open, Placement placement, int host, int vm)
    {
        var (evaluator, wanted) = (new ConditionEvaluator(placement.Facts), open.Wanted ? Truth.True : Truth.False);
        return open.About == SubjectKind.Vm
            ? placement.VmsAt(host).Append(vm).Any(v => v >= 0 && evaluator.Evaluate(open.Condition, placement.Site.Vms[v].Ref) == wanted)
            : evaluator.Evaluate(open.Condition, placement.Site.Hosts[host].Ref) == wanted;
    }

    private Truth Judge(Watched.Mark mark, Placement placement, int host, int vm)
    {
        var (value, other) = (new HostOutlook(placement, host, vm).Of(mark.Attribute), ValueOf(mark.Other, placement, host));
        if (double.IsNaN(value) || double.IsNaN(other)) return Truth.Unknown;
        if (!mark.IsNeared) return Comparing.Holds(value, mark.Operator, other) ? Truth.Unknown : Truth.False;
        var gap = HostOutlook.DirectionOf(mark.Attribute) * GapOf(mark.Attribute) / 100 * (mark.Attribute == PolicyAttribute.HostMemoryFree ? placement.Site.Hosts[host].MemoryBytes : 100);
        return Comparing.Holds(value + gap, mark.Operator, other) ? Truth.True : Truth.False;
    }

    /// <summary>How far the figure is beyond the mark; NaN: unknown.</summary>
    private static double Beyond(Watched.Mark mark, Placement placement, int host, int vm) =>
        HostOutlook.DirectionOf(mark.Attribute) * (new HostOutlook(placement, host, vm).Of(mark.Attribute) - ValueOf(mark.Other, placement, host));

    private double GapOf(PolicyAttribute attribute) =>
        attribute == PolicyAttribute.HostCpu || attribute == PolicyAttribute.HostMemory || attribute == PolicyAttribute.HostMemoryFree ? Gap : 0;

    /// <summary>NaN: unknown, or no figure that a host or its cluster has.</summary>
    private static double ValueOf(Quantity quantity, Placement placement, int host)
    {
        if (quantity is Quantity.Constant constant) return constant.Value;
        Fact? fact = quantity switch
        {
            Quantity.Read read => new Fact.Attribute(read.Attribute),
            Quantity.OverTime over => Fact.OverTime.Of(over),
            _ => null,
        };
        return fact is not null && placement.Facts.KeyOf(placement.Site.Hosts[host].Ref, fact.Kind) is { } subject && placement.Facts.Read(subject, fact) is { IsKnown: true } known ? known.Value : double.NaN;
    }
}
