using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Conditions and what they compare.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal? _days;
    private NonTerminal? _window;
    private NonTerminal? _many;

    private void Condition()
    {
        var sign = OneOf("sign", Vocabulary.Comparisons.Select(c => c.Sign));
        var operand = Operands();
        var comparison = Make("comparison", operand + sign + operand);
        var named = Make("named", new BnfExpression(ToTerm(Operand)));
        var parenthesised = Make("parenthesised", Parentheses(_condition));
        var quantifier = OneOf("quantifier", [Vocabulary.Any, Vocabulary.All]);
        var quantified = Make("quantified", quantifier + Many + Parentheses(_condition));
        var within = Make("within", new BnfExpression(Window));
        var term = new NonTerminal("term");
        var not = Make("not", ToTerm(Vocabulary.Not) + term);
        term.Rule = not | parenthesised | comparison | named | Asks() | quantified | within;
        var all = ListOf("and", ToTerm(Vocabulary.And), term);
        _condition.Rule = MakePlusRule(_condition, ToTerm(Vocabulary.Or), all);
    }

    private NonTerminal Operands()
    {
        var attribute = Make("attribute",
            ToTerm(Operand)
            | ToTerm(Operand) + ToTerm(Vocabulary.OpenBracket) + ToTerm(QuotedText) + ToTerm(Vocabulary.CloseBracket)
            | ToTerm(Vocabulary.HostIdle) + ToTerm(Vocabulary.For));
        var function = OneOf("function", Vocabulary.TimeFunctions.Select(f => f.Word));
        var overTime = Make("overTime",
            function + ToTerm(Vocabulary.OpenParenthesis) + attribute + ToTerm(Vocabulary.Comma) + ToTerm(Number) + ToTerm(Vocabulary.CloseParenthesis));
        var countOf = Make("countOf", ToTerm(Vocabulary.Count) + ToTerm(Vocabulary.Of) + Many + Parentheses(_condition));
        return Make("operand", attribute | ToTerm(Number) | overTime | countOf);
    }

    private NonTerminal Asks()
    {
        var state = Make("state", OneOf("hostState", Vocabulary.HostStates.Select(s => s.Word).Where(w => !w.Contains(' ')))
            | ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Maintenance)
            | ToTerm(Word));
        var test = Make("test",
            ToTerm(Vocabulary.Is) + state
            | ToTerm(Vocabulary.Tagged) + Name
            | ToTerm(Vocabulary.Named) + Name
            | ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Cluster) + Name);
        var subject = OneOf("subject", Vocabulary.Subjects.Select(s => s.Word));
        return Make("asks", test | subject + test);
    }

    private NonTerminal Window => _window ??= Make("window", ToTerm(TimeRange) + Days);

    private NonTerminal Days
    {
        get
        {
            if (_days is not null)
                return _days;
            var weekday = OneOf("weekday", Vocabulary.Weekdays.Select(d => d.Word));
            var ordinal = OneOf("ordinal", Vocabulary.Ordinals.Select(o => o.Word));
            var ofMonth = ToTerm(Vocabulary.Of) + ToTerm(Vocabulary.Month);
            var day = Make("day",
                weekday | OneOf("several", Vocabulary.Days.Select(d => d.Word).Except(Vocabulary.Weekdays.Select(d => d.Word)))
                | ordinal + weekday + ofMonth | ordinal + ToTerm(Vocabulary.Day) + ofMonth
                | ToTerm(Date));
            var list = Make("dayList", Empty | ListOf("someDays", ToTerm(Vocabulary.Comma), day));
            var except = Make("except", ToTerm(Vocabulary.Except) + ToTerm(Word));
            return _days = Make("days", list + AnyOf("exceptions", except));
        }
    }

    private BnfExpression Parentheses(NonTerminal inner) => ToTerm(Vocabulary.OpenParenthesis) + inner + ToTerm(Vocabulary.CloseParenthesis);

    private NonTerminal Many => _many ??= Make("many", Host | Vm);
}
