using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules.Network;

/// <summary>Compiles conditions onto working memory, and enters who reads what. What several rules ask alike is kept once.</summary>
internal sealed class ConditionCompiler(WorkingMemory memory)
{
    private readonly Dictionary<(SubjectKind Over, Condition Inner), MemberTallies> _tallies = [];

    public List<ClockWindow> Windows { get; } = [];

    /// <summary>In the order in which they have to be settled: those within others first.</summary>
    public List<MemberTallies> Tallies { get; } = [];

    /// <param name="own">The kind of subject it is judged for.</param>
    /// <param name="reader">To be marked when a verdict may have changed; null: nobody, as it is judged whenever it matters.</param>
    public Predicate Compile(Condition condition, SubjectKind own, Reader? reader)
    {
        switch (condition)
        {
            case Condition.And and:
                return new Predicate.And([.. and.Operands.Select(o => Compile(o, own, reader))]);
            case Condition.Or or:
                return new Predicate.Or([.. or.Operands.Select(o => Compile(o, own, reader))]);
            case Condition.Not not:
                return new Predicate.Not(Compile(not.Operand, own, reader));
            case Condition.Comparison comparison:
                return Compare(comparison, reader);
            case Condition.Asks asks:
                var column = Column(Asked(asks, own));
                if (Reads(reader, column)) column.AddReader(reader!);
                return new Predicate.Answer(column);
            case Condition.Quantified quantified:
                var tallies = TalliesOf(quantified.Over, quantified.Inner);
                if (reader is not null) tallies.AddAsker(reader, quantified.Quantifier);
                return new Predicate.Quantified(tallies, quantified.Quantifier);
            case Condition.Within within:
                var window = Window(within.Window);
                if (reader is not null && !window.Readers.Contains(reader)) window.Readers.Add(reader);
                return new Predicate.Within(window);
            default:
                throw new InvalidOperationException($"condition {condition.GetType().Name} has no meaning in the engine");
        }
    }

    public ClockWindow Window(TimeWindow window)
    {
        var known = Windows.Find(w => w.IsSame(window));
        if (known is null) Windows.Add(known = new ClockWindow(window));
        return known;
    }

    /// <summary>Whom a question is put to: states to hosts, clusters to clusters, names and tags to the one that is meant.</summary>
    public static Fact.Answer Asked(Condition.Asks asks, SubjectKind own) => new(
        asks.Test switch
        {
            SubjectTest.InState => SubjectKind.Host,
            SubjectTest.InCluster => SubjectKind.Cluster,
            _ => asks.Subject ?? own,
        },
        asks.Test);

    private Predicate Compare(Condition.Comparison comparison, Reader? reader)
    {
        switch (comparison)
        {
            case { Right: Quantity.Constant mark } when FactOf(comparison.Left) is { } left:
                return ToConstant(left, comparison.Operator, mark.Value, reader);
            case { Left: Quantity.Constant mark } when FactOf(comparison.Right) is { } right:
                return ToConstant(right, Mirrored(comparison.Operator), mark.Value, reader);
            default:
                return new Predicate.Compare(Side(comparison.Left, reader), comparison.Operator, Side(comparison.Right, reader));
        }
    }

    private Predicate.CompareToConstant ToConstant(Fact fact, ComparisonOperator op, double mark, Reader? reader)
    {
        var column = Column(fact);
        if (Reads(reader, column)) column.AddReader(reader!, mark);
        return new Predicate.CompareToConstant(column, op, mark);
    }

    private Operand Side(Quantity quantity, Reader? reader)
    {
        switch (quantity)
        {
            case Quantity.Constant constant:
                return new Operand.Constant(constant.Value);
            case Quantity.CountOf count:
                var tallies = TalliesOf(count.Over, count.Inner);
                if (reader is not null) tallies.AddAsker(reader, null);
                return new Operand.Count(tallies);
            default:
                var column = Column(FactOf(quantity) ?? throw new InvalidOperationException($"quantity {quantity.GetType().Name} has no meaning in the engine"));
                if (Reads(reader, column)) column.AddReader(reader!);
                return new Operand.Read(column);
        }
    }

    private MemberTallies TalliesOf(SubjectKind over, Condition inner)
    {
        if (_tallies.TryGetValue((over, inner), out var known)) return known;
        var tallies = new MemberTallies(memory, over);
        tallies.Inner = Compile(inner, over, tallies);
        memory.Readers.Add(tallies);
        _tallies.Add((over, inner), tallies);
        Tallies.Add(tallies);
        return tallies;
    }

    /// <summary>False also for one who asks of something finer than himself, which nobody can tell him.</summary>
    private static bool Reads(Reader? reader, Column column) => reader is not null && reader.Kind.HasKeyOf(column.Fact.Kind);

    private Column Column(Fact fact) => memory.Table(fact.Kind).ColumnOf(fact);

    private static Fact? FactOf(Quantity quantity) => quantity switch
    {
        Quantity.Read read => new Fact.Attribute(read.Attribute),
        Quantity.OverTime over => Fact.OverTime.Of(over),
        _ => null,
    };

    private static ComparisonOperator Mirrored(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
        _ => op,
    };
}
