using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <param name="Condition">Null where it has a fault, which then is reported.</param>
/// <param name="Parts">Comparisons, nots and parentheses, names written out.</param>
/// <param name="Depth">How many definitions it leads through.</param>
internal sealed record BoundCondition(Condition? Condition, int Parts, int Depth)
{
    public static readonly BoundCondition Faulty = new(null, 0, 0);
}

/// <summary>From a condition as written to one with names replaced and units checked. Goes on behind a fault to find the next.</summary>
internal sealed class ConditionBinder(SourceFile file, Definitions definitions, DiagnosticBag bag)
{
    private readonly ComparisonBinder _comparisons = new(file, definitions, bag);
    private int _parts;
    private int _depth;

    public BoundCondition Bind(ConditionSyntax syntax)
    {
        _parts = _depth = 0;
        var condition = Part(syntax);
        if (_parts <= CompilerLimits.ConditionParts && _depth <= CompilerLimits.DefinitionDepth)
            return new BoundCondition(condition, _parts, _depth);
        if (condition is not null)
            bag.Add(NameDiagnostics.DefinitionTooLarge(file.At(syntax.Span)));
        return BoundCondition.Faulty;
    }

    private Condition? Part(ConditionSyntax syntax)
    {
        Condition? bound;
        switch (syntax)
        {
            case OrSyntax or:
                bound = All(or.Operands) is { } any ? new Condition.Or(any) : null;
                break;
            case AndSyntax and:
                bound = All(and.Operands) is { } all ? new Condition.And(all) : null;
                break;
            case NotSyntax not:
                _parts++;
                bound = Part(not.Operand) is { } operand ? new Condition.Not(operand) : null;
                break;
            case ParenthesisedSyntax inner:
                _parts++;
                bound = Part(inner.Inner);
                break;
            case NamedConditionSyntax named:
                bound = Named(named.Name);
                break;
            case ComparisonSyntax comparison:
                _parts++;
                bound = _comparisons.Bind(comparison);
                break;
            default:
                throw new InvalidOperationException($"No binding for {syntax.GetType().Name}.");
        }
        if (bound is not null)
            definitions.Parts[syntax] = bound;
        return bound;
    }

    private ImmutableArray<Condition>? All(ImmutableArray<ConditionSyntax> operands)
    {
        var bound = operands.Select(Part).ToList();
        return bound.Any(b => b is null) ? null : [.. bound.Select(b => b!)];
    }

    private Condition? Named(NameSyntax name)
    {
        var place = file.At(name.Span);
        if (definitions.Find(name.Value) is { } definition)
        {
            definition.Used = true;
            var bound = definitions.Bind(definition, place);
            _parts = (int)Math.Min((long)_parts + bound.Parts + 1, int.MaxValue / 2);
            _depth = Math.Max(_depth, bound.Depth + 1);
            return bound.Condition;
        }
        if (definitions.IsBroken(name.Value))
            return null;
        if (PolicyAttribute.All.FirstOrDefault(a => a.Name == name.Value) is { } attribute)
            bag.Add(NameDiagnostics.BareAttribute(place, $"{attribute.Name} > {UnitText.Example(attribute.Unit)}"));
        else if (AttributeNames.LooksLikeOne(name.Value))
            bag.Add(NameDiagnostics.UnknownAttribute(place, AttributeNames.Nearest(name.Value)));
        else
        {
            var nearest = bag.HasRoomFor(file) ? NearestWord.Find(name.Value, definitions.Names) : null;
            // Most likely used, so not to be called unused as well.
            if (nearest is not null)
                definitions.Find(nearest)!.Used = true;
            bag.Add(NameDiagnostics.UnknownName(place, nearest));
        }
        return null;
    }
}
