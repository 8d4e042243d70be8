using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Rules: header, trigger, guards, modifiers.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Rule()
    {
        Condition();
        var header = Make("header", Empty | ToTerm(Vocabulary.Policy) + Name);
        var hold = Make("hold", Empty | ToTerm(Vocabulary.For) + Number);
        var when = Make("when", ToTerm(Vocabulary.When) + _condition + hold);
        var times = new NonTerminal("times");
        times.Rule = MakePlusRule(times, ToTerm(Vocabulary.Comma), ToTerm(Number));
        var at = Make("at", ToTerm(Vocabulary.At) + times + Days());
        var every = Make("every", ToTerm(Vocabulary.Every) + Number);
        var schedule = Make("schedule", at | every);
        var then = Make("then", Empty | ToTerm(Vocabulary.Then));
        var modifiers = new NonTerminal("modifiers");
        modifiers.Rule = MakeStarRule(modifiers, Modifier());
        var actions = Actions();
        return Make("rule",
            header + when + ToTerm(Vocabulary.Then) + actions + modifiers
            | header + schedule + then + actions + modifiers);
    }

    private NonTerminal Days()
    {
        var day = new NonTerminal("day");
        foreach (var (word, _) in Vocabulary.Days)
            day.Rule = day.Rule is null ? new BnfExpression(ToTerm(word)) : day.Rule | ToTerm(word);
        var days = new NonTerminal("dayList");
        days.Rule = MakePlusRule(days, ToTerm(Vocabulary.Comma), day);
        return Make("days", Empty | days);
    }

    private NonTerminal Modifier()
    {
        var until = Make("until", ToTerm(Vocabulary.Until) + _condition);
        var cooldown = Make("cooldown", ToTerm(Vocabulary.Cooldown) + Number);
        return Make("modifier", until | cooldown);
    }
}
