using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Conditions and what they compare.</summary>
internal sealed partial class PolicyGrammar
{
    private void Condition()
    {
        var operand = Make("operand", ToTerm(Operand) | ToTerm(Number));
        var sign = new NonTerminal("sign");
        foreach (var (text, _) in Vocabulary.Comparisons)
            sign.Rule = sign.Rule is null ? new BnfExpression(ToTerm(text)) : sign.Rule | ToTerm(text);
        var comparison = Make("comparison", operand + sign + operand);
        var named = Make("named", new BnfExpression(ToTerm(Operand)));
        var parenthesised = Make("parenthesised", ToTerm(Vocabulary.OpenParenthesis) + _condition + ToTerm(Vocabulary.CloseParenthesis));
        var term = new NonTerminal("term");
        var not = Make("not", ToTerm(Vocabulary.Not) + term);
        term.Rule = not | parenthesised | comparison | named;
        var all = new NonTerminal("and");
        all.Rule = MakePlusRule(all, ToTerm(Vocabulary.And), term);
        _condition.Rule = MakePlusRule(_condition, ToTerm(Vocabulary.Or), all);
    }
}
