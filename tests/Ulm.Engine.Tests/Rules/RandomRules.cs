using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Tests.Rules;

/// <summary>Rules of every form the engine knows, made of a few facts so that they often speak of the same.</summary>
internal sealed class RandomRules(Random random)
{
    private static readonly Dictionary<SubjectKind, PolicyAttribute[]> Attributes = new()
    {
        [SubjectKind.Host] = [PolicyAttribute.HostCpu, PolicyAttribute.HostMemory],
        [SubjectKind.Vm] = [PolicyAttribute.VmCpu],
        [SubjectKind.Cluster] = [PolicyAttribute.ClusterCpu],
    };

    private static readonly TimeWindow[] Windows =
    [
        new(new TimeOnly(0, 5), new TimeOnly(0, 12), DaySelection.Daily, "early"),
        new(new TimeOnly(0, 20), new TimeOnly(0, 2), DaySelection.Daily, "most of the day"),
        new(new TimeOnly(0, 0), new TimeOnly(0, 0), DaysOfWeek.Sunday, "sundays"),
    ];

    private static readonly Dictionary<SubjectKind, SubjectEvent[]> Events = new()
    {
        [SubjectKind.Host] = [SubjectEvent.HostJoins, SubjectEvent.HostLeaves, SubjectEvent.HostFails, SubjectEvent.HostReturns],
        [SubjectKind.Vm] = [SubjectEvent.VmStarts, SubjectEvent.VmStops],
    };

    /// <summary>What can be updated from outside, of a kind of subject.</summary>
    public static IReadOnlyList<Fact> FactsOf(SubjectKind kind) =>
    [
        .. Attributes[kind].Select(a => new Fact.Attribute(a)),
        .. kind == SubjectKind.Host ? [OverTime, new Fact.Answer(SubjectKind.Host, new SubjectTest.InState(HostCondition.Idle))] : Array.Empty<Fact>(),
    ];

    private static Fact OverTime => new Fact.OverTime(TimeFunction.Avg, PolicyAttribute.HostCpu, TimeSpan.FromMinutes(15));

    public IEnumerable<Rule> Make(int count) => Enumerable.Range(0, count).Select(MakeRule).ToList();

    private Rule MakeRule(int number)
    {
        var trigger = MakeTrigger(out var kind);
        return new Rule(
            $"r{number}", $"r{number}", new SourceLocation("some.ulm", number + 1, 1), trigger, [],
            trigger is Trigger.When && Rarely(3) ? MakeCondition(kind, 1) : null,
            Rarely(2) ? TimeSpan.FromMinutes(random.Next(5)) : null)
        {
            CooldownPer = Rarely(2) ? (SubjectKind)random.Next(3) : null,
            Guards = new RuleGuards
            {
                Cluster = Rarely(5) ? $"c{random.Next(2)}" : null,
                Where = Rarely(4) ? MakeCondition(kind, 1) : null,
                During = Rarely(4) ? [.. Windows.Take(1 + random.Next(2))] : [],
                Unless = Rarely(4) ? MakeCondition(kind, 1) : null,
            },
        };
    }

    private Trigger MakeTrigger(out SubjectKind kind)
    {
        kind = (SubjectKind)random.Next(3);
        if (kind != SubjectKind.Cluster && Rarely(5)) return new Trigger.On(Events[kind][random.Next(Events[kind].Length)]);
        if (Rarely(8)) return new Trigger.Every(TimeSpan.FromHours(1));
        return new Trigger.When(MakeCondition(kind, 2), kind, TimeSpan.FromMinutes(random.Next(4)));
    }

    private Condition MakeCondition(SubjectKind kind, int depth)
    {
        switch (depth == 0 ? 4 + random.Next(5) : random.Next(9))
        {
            case 0:
                return new Condition.Not(MakeCondition(kind, depth - 1));
            case 1:
                return new Condition.And([MakeCondition(kind, depth - 1), MakeCondition(kind, depth - 1)]);
            case 2:
                return new Condition.Or([MakeCondition(kind, depth - 1), MakeCondition(kind, depth - 1)]);
            case 3:
                var over = random.Next(2) == 0 ? SubjectKind.Host : SubjectKind.Vm;
                return Rarely(2)
                    ? new Condition.Quantified(Rarely(2) ? Quantifier.Any : Quantifier.All, over, MakeCondition(over, depth - 1), "quantified")
                    : Compare(new Quantity.CountOf(over, MakeCondition(over, depth - 1), "count"), Constant(random.Next(4)));
            case 4:
                return MakeQuestion(kind);
            case 5 when Rarely(2):
                return new Condition.Within(Windows[random.Next(Windows.Length)], "window");
            case 6 when Rarely(2):
                return Compare(Read(kind), Read(kind));
            case 7:
                return Compare(Constant(20 + random.Next(60)), Read(kind));
            default:
                return Compare(Read(kind), Constant(20 + random.Next(60)));
        }
    }

    private Condition MakeQuestion(SubjectKind kind)
    {
        SubjectTest test = random.Next(4) switch
        {
            0 => new SubjectTest.Tagged("t"),
            1 => new SubjectTest.Named(random.Next(2) == 0 ? "h1*" : "v1*"),
            2 => new SubjectTest.InCluster("c0"),
            _ => new SubjectTest.InState(HostCondition.Idle),
        };
        return new Condition.Asks(test is SubjectTest.InCluster or SubjectTest.InState || Rarely(2) ? null : kind == SubjectKind.Vm && Rarely(2) ? SubjectKind.Host : kind, test, "asks");
    }

    /// <summary>Something of the subject or of what it stands in.</summary>
    private Quantity Read(SubjectKind kind)
    {
        var from = kind switch
        {
            SubjectKind.Vm => (SubjectKind)random.Next(3),
            SubjectKind.Host => Rarely(4) ? SubjectKind.Cluster : SubjectKind.Host,
            _ => SubjectKind.Cluster,
        };
        if (from == SubjectKind.Host && Rarely(4)) return new Quantity.OverTime(TimeFunction.Avg, PolicyAttribute.HostCpu, TimeSpan.FromMinutes(15), Unit.Percent, "avg( host.cpu , 15m )");
        return new Quantity.Read(Attributes[from][random.Next(Attributes[from].Length)]);
    }

    private Condition.Comparison Compare(Quantity left, Quantity right) => new(left, (ComparisonOperator)random.Next(6), right, "compared");

    private static Quantity.Constant Constant(double value) => new(value, Unit.Percent, $"{value}");

    private bool Rarely(int oneIn) => random.Next(oneIn) == 0;
}
