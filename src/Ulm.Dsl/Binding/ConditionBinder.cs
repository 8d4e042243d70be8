using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <param name="Condition">Null where it has a fault, which then is reported.</param>
/// <param name="Parts">Comparisons, tests, nots and parentheses, names written out.</param>
/// <param name="Depth">How many definitions it leads through.</param>
internal sealed record BoundCondition(Condition? Condition, int Parts, int Depth)
{
    public static readonly BoundCondition Faulty = new(null, 0, 0);
}

/// <summary>From a condition as written to one with names replaced and units checked. Goes on behind a fault to find the next.</summary>
/// <param name="askedOf">Whom a bare <c>tagged "db"</c> is asked of. Null: whatever the condition is evaluated for.</param>
internal sealed class ConditionBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag, SubjectKind? askedOf = null)
{
    private SubjectKind? _askedOf = askedOf;
    private int _parts;
    private int _depth;

    public BoundCondition Bind(ConditionSyntax syntax)
    {
        _parts = _depth = 0;
        var condition = Part(syntax);
        if (_parts <= CompilerLimits.ConditionParts && _depth <= CompilerLimits.DefinitionDepth)
            return new BoundCondition(condition, _parts, _depth);
        if (condition is not null)
            bag.Add(NameDiagnostics.DefinitionTooLarge(sentence.At(syntax.Span)));
        return BoundCondition.Faulty;
    }

    private Condition? Part(ConditionSyntax syntax)
    {
        var counts = syntax is OrSyntax or AndSyntax or NamedConditionSyntax ? 0 : 1;
        _parts += counts;
        definitions.Nesting += counts;
        Condition? bound = syntax switch
        {
            OrSyntax or => All(or.Operands) is { } any ? new Condition.Or(any) : null,
            AndSyntax and => All(and.Operands) is { } all ? new Condition.And(all) : null,
            NotSyntax not => Part(not.Operand) is { } operand ? new Condition.Not(operand) : null,
            ParenthesisedSyntax inner => Part(inner.Inner),
            NamedConditionSyntax named => Named(named.Name),
            ComparisonSyntax comparison => new ComparisonBinder(sentence, definitions, bag, Within).Bind(comparison),
            AsksSyntax asks => new TestBinder(sentence, definitions, bag, Group).Bind(asks, _askedOf),
            QuantifiedSyntax quantified => Within(quantified.Inner, quantified.Over) is { } inner
                ? new Condition.Quantified(quantified.Quantifier, quantified.Over, inner, TokenSpacing.Join(sentence, quantified.Span))
                : null,
            WithinSyntax within => new WindowBinder(sentence, definitions, bag).Window(within.Window) is { } window
                ? new Condition.Within(window, window.Text)
                : null,
            _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
        };
        definitions.Nesting -= counts;
        if (bound is not null)
            definitions.Parts[syntax] = bound;
        return bound;
    }

    private ImmutableArray<Condition>? All(ImmutableArray<ConditionSyntax> operands)
    {
        // By hand: operators of LINQ would stand on the stack between one part and the next.
        var bound = new List<Condition>(operands.Length);
        foreach (var operand in operands)
        {
            if (Part(operand) is { } part)
                bound.Add(part);
        }
        return bound.Count < operands.Length ? null : [.. bound];
    }

    /// <summary>A condition about each of the hosts or VMs of a cluster.</summary>
    private Condition? Within(ConditionSyntax syntax, SubjectKind over)
    {
        var outer = _askedOf;
        _askedOf = null;
        var condition = Part(syntax);
        _askedOf = outer;
        if (condition is null || !ConditionReads.IsFiner(ConditionReads.Finest(condition), over))
            return condition;
        bag.Add(RuleDiagnostics.QuantifierReadsVm(sentence.At(syntax.Span)));
        return null;
    }

    private Condition? Named(NameSyntax name)
    {
        if (definitions.Find(name.Value) is not { } definition)
        {
            if (!definitions.IsBroken(name.Value))
                Unknown(name);
            return null;
        }
        var place = sentence.At(name.Span);
        if (definition.Kind == DefinitionKind.Calendar)
        {
            definitions.Refer(definition, place);
            bag.Add(NameDiagnostics.WrongKind(place, "is not a condition", definition.NamePlace, "a calendar stands behind `except`, as in `weekdays except holidays`"));
            return null;
        }
        return Group(definition, place) switch
        {
            Condition.Within within => within with { Text = name.Value },
            var condition => condition,
        };
    }

    /// <summary>What a definition stands for, counted among the parts of this condition.</summary>
    private Condition? Group(Definition definition, Place place)
    {
        definitions.Refer(definition, place);
        var bound = definitions.Bind(definition, place);
        _parts = (int)Math.Min((long)_parts + bound.Parts + 1, int.MaxValue / 2);
        _depth = Math.Max(_depth, bound.Depth + 1);
        return bound.Condition;
    }

    private void Unknown(NameSyntax name)
    {
        var place = sentence.At(name.Span);
        if (PolicyAttribute.Named(name.Value) is { } attribute)
            bag.Add(NameDiagnostics.BareAttribute(place, $"{attribute.Name} > {UnitText.Example(attribute.Unit)}"));
        else if (AttributeNames.IsMunin(name.Value))
            bag.Add(NameDiagnostics.MuninField(place, $"{name.Value} names no field"));
        else if (AttributeNames.LooksLikeOne(name.Value))
            bag.Add(NameDiagnostics.UnknownAttribute(place, AttributeNames.Nearest(name.Value)));
        else
        {
            var nearest = bag.HasRoomFor(sentence.File) ? definitions.Nearest(name.Value, [], DefinitionKind.Condition, DefinitionKind.HostGroup) : null;
            bag.Add(NameDiagnostics.UnknownName(place, nearest));
        }
    }
}
