using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// The grammar of one sentence, for Irony. Names, numbers and quoted texts come to it as one sign each: what a token is has been
/// decided by the scanner and, where a keyword can also be a name, by <see cref="ParserStates"/>, before Irony sees it.
/// Written out for readers in <c>grammar/ulm.ebnf</c>; the two change together.
/// </summary>
internal sealed class PolicyGrammar : Grammar
{
    /// <summary>A word in a condition: an attribute or the name of a definition, and none of the words that build conditions.</summary>
    public const string Operand = "$operand";

    public const string Word = "$word", Number = "$number", QuotedText = "$text";

    // Building the tables takes a few milliseconds and the result is never changed; parsers over it are made anew for each parse.
    public static readonly LanguageData Language = new(new PolicyGrammar());

    public PolicyGrammar()
    {
        var sentence = new NonTerminal("sentence");
        Root = sentence;
        sentence.Rule = Rule() | Let() | TimeZone() | NeverMigrate() | AlwaysKeep();
    }

    private readonly NonTerminal _condition = new("condition");
    private NonTerminal? _name;
    private NonTerminal? _host;

    private NonTerminal Name => _name ??= Make("name", ToTerm(Word) | ToTerm(QuotedText) | ToTerm(Number));

    private NonTerminal Host => _host ??= Make("host", ToTerm(Vocabulary.Host) | ToTerm(Vocabulary.Hosts));

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

    private NonTerminal Actions()
    {
        var resource = Make("resource", ToTerm(Vocabulary.Cpu) | ToTerm(Vocabulary.Memory));
        var by = Make("by", Empty | ToTerm(Vocabulary.By) + resource);
        var fitting = Make("fitting", Empty | ToTerm(Vocabulary.Fitting));
        var within = Make("within", Empty | ToTerm(Vocabulary.To) + ToTerm(Vocabulary.Within) + Number);
        var keeping = Make("keeping", Empty | ToTerm(Vocabulary.Keeping) + Number + ToTerm(Vocabulary.Spare));
        var evacuate = Make("evacuate", ToTerm(Vocabulary.Evacuate) + ToTerm(Vocabulary.Heaviest) + fitting + ToTerm(Vocabulary.Vm) + by);
        var balance = Make("balance", ToTerm(Vocabulary.Balance) + by + within);
        var consolidate = Make("consolidate", new BnfExpression(ToTerm(Vocabulary.Consolidate)));
        var powerOff = Make("powerOff",
            ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.Off) + ToTerm(Vocabulary.Idle) + ToTerm(Vocabulary.Hosts) + keeping);
        var powerOn = Make("powerOn", ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.On) + Number + Host);
        var action = Make("action", evacuate | balance | consolidate | powerOff | powerOn);
        var actions = new NonTerminal("actions");
        actions.Rule = MakePlusRule(actions, ToTerm(Vocabulary.And), action);
        return actions;
    }

    private NonTerminal Modifier()
    {
        var until = Make("until", ToTerm(Vocabulary.Until) + _condition);
        var cooldown = Make("cooldown", ToTerm(Vocabulary.Cooldown) + Number);
        return Make("modifier", until | cooldown);
    }

    private NonTerminal Let() => Make("let", ToTerm(Vocabulary.Let) + Word + ToTerm("=") + _condition);

    private NonTerminal TimeZone() => Make("timezone", ToTerm(Vocabulary.TimeZone) + Name);

    private NonTerminal NeverMigrate()
    {
        var selector = Make("selector", Name | ToTerm(Vocabulary.Named) + Name | ToTerm(Vocabulary.Tagged) + Name);
        return Make("neverMigrate", ToTerm(Vocabulary.Never) + ToTerm(Vocabulary.Migrate) + ToTerm(Vocabulary.Vm) + selector);
    }

    private NonTerminal AlwaysKeep()
    {
        var cluster = Make("cluster", Empty | ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Cluster) + Name);
        return Make("alwaysKeep", ToTerm(Vocabulary.Always) + ToTerm(Vocabulary.Keep) + Number + Host + ToTerm(Vocabulary.On) + cluster);
    }

    private static NonTerminal Make(string name, BnfExpression rule) => new(name) { Rule = rule };
}
