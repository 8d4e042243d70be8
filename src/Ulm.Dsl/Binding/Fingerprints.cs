using System.Text;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>
/// The words of a sentence with definitions written out: what decides whether a reloaded rule is still the same. Layout and
/// comments don't count, and neither does whether something stands in a <c>let</c> or in the rule itself, parentheses apart.
/// </summary>
internal sealed class Fingerprints(Definitions definitions)
{
    private readonly Dictionary<string, string> _expanded = new(StringComparer.Ordinal);

    public string Of(RuleSyntax rule)
    {
        var names = new HashSet<int>();
        if (rule.Trigger is WhenSyntax when)
            CollectNames(when.Condition, names);
        foreach (var until in rule.Modifiers.OfType<UntilSyntax>())
            CollectNames(until.Condition, names);
        return Join(rule.Tokens, names);
    }

    private string Expand(string name)
    {
        if (_expanded.TryGetValue(name, out var text))
            return text;
        var let = definitions.Find(name)!.Syntax;
        var names = new HashSet<int>();
        CollectNames(let.Condition, names);
        // let NAME = CONDITION: the condition begins at the fourth token.
        text = $"( {Join(let.Tokens.Skip(3), names)} )";
        _expanded[name] = text;
        return text;
    }

    private string Join(IEnumerable<SyntaxToken> tokens, HashSet<int> names)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (text.Length > 0)
                text.Append(' ');
            text.Append(names.Contains(token.Span.Start) ? Expand(token.Text) : token.Text);
        }
        return text.ToString();
    }

    private static void CollectNames(ConditionSyntax condition, HashSet<int> names)
    {
        switch (condition)
        {
            case OrSyntax or:
                foreach (var operand in or.Operands)
                    CollectNames(operand, names);
                break;
            case AndSyntax and:
                foreach (var operand in and.Operands)
                    CollectNames(operand, names);
                break;
            case NotSyntax not:
                CollectNames(not.Operand, names);
                break;
            case ParenthesisedSyntax inner:
                CollectNames(inner.Inner, names);
                break;
            case NamedConditionSyntax named:
                names.Add(named.Span.Start);
                break;
        }
    }
}
