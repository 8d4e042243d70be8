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
    public bool Hold(Placement placement, int host, int vm) => AreNeared && Judge(_watched, placement, host, vm) == Truth.True;

    /// <summary>Which mark a VM would take a host over, in words.</summary>
    public string Why(Placement placement, int host, int vm)
    {
        if (_watched.Marks.FirstOrDefault(m => m.IsNeared && Judge(m, placement, host, vm) == Truth.True) is not { } mark) return $"rule {Rule.Name} would act there";
        var value = Show.Value(new HostOutlook(placement, host, vm).Of(mark.Attribute), mark.Attribute.Unit);
        var gap = GapOf(mark.Attribute) > 0 ? $"{Show.Percent(Gap)} of the host less than where" : "where";
        return $"{mark.Attribute.Name["host.".Length..]} would be {value}, {gap} rule {Rule.Name} acts: {mark.Text}";
    }

    private IEnumerable<double> Sufficient(PolicyAttribute attribute) =>
        _watched.Sufficient.Where(m => m.IsNeared && m.Attribute == attribute).Select(m => m.Other).OfType<Quantity.Constant>().Select(c => c.Value);

    /// <summary>Of parts that all must hold, those that moves have no say in are taken to hold.</summary>
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
                return new ConditionEvaluator(placement.Facts).Evaluate(lasting.Asks, placement.Site.Hosts[host].Ref) == (lasting.Wanted ? Truth.False : Truth.True) ? Truth.False : Truth.Unknown;
            default:
                return Truth.Unknown;
        }
    }

    private Truth Judge(Watched.Mark mark, Placement placement, int host, int vm)
    {
        var (value, other) = (new HostOutlook(placement, host, vm).Of(mark.Attribute), ValueOf(mark.Other, placement, host));
        if (double.IsNaN(value) || double.IsNaN(other)) return Truth.Unknown;
        if (!mark.IsNeared) return Comparing.Holds(value, mark.Operator, other) ? Truth.Unknown : Truth.False;
        var gap = HostOutlook.DirectionOf(mark.Attribute) * GapOf(mark.Attribute) / 100 * (mark.Attribute == PolicyAttribute.HostMemoryFree ? placement.Site.Hosts[host].MemoryBytes : 100);
        return Comparing.Holds(value + gap, mark.Operator, other) ? Truth.True : Truth.False;
    }

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
