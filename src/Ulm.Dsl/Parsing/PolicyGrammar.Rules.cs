using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Rules: header, trigger, guards, modifiers.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Rule()
    {
        var header = Make("header", Empty | ToTerm(Vocabulary.Policy) + Name);
        var hold = Make("hold", Empty | ToTerm(Vocabulary.For) + Number);
        var when = Make("when", ToTerm(Vocabulary.When) + _condition + hold);
        var then = Make("then", Empty | ToTerm(Vocabulary.Then));
        var guards = AnyOf("guards", Guard());
        var modifiers = AnyOf("modifiers", Modifier());
        var actions = Actions();
        return Make("rule",
            header + when + guards + ToTerm(Vocabulary.Then) + actions + modifiers
            | header + Schedule() + guards + then + actions + modifiers
            | header + Have() + guards + modifiers);
    }

    private NonTerminal Schedule()
    {
        var at = Make("at", ToTerm(Vocabulary.At) + ListOf("times", ToTerm(Vocabulary.Comma), ToTerm(Number)) + Days);
        var between = Make("between", Empty | ToTerm(Vocabulary.Between) + Number + ToTerm(Vocabulary.And) + Number);
        var every = Make("every", ToTerm(Vocabulary.Every) + Number + between + Days);
        var cron = Make("cron", ToTerm(Vocabulary.Cron) + ToTerm(QuotedText));
        var events = Vocabulary.Events.ToLookup(e => e.Kind, e => e.Word);
        var on = Make("on",
            ToTerm(Vocabulary.On) + ToTerm(Vocabulary.Host) + OneOf("hostEvent", events[Vocabulary.Host])
            | ToTerm(Vocabulary.On) + ToTerm(Vocabulary.Vm) + OneOf("vmEvent", events[Vocabulary.Vm]));
        return Make("schedule", at | every | cron | on);
    }

    private NonTerminal Have() => Make("have",
        ToTerm(Vocabulary.Have) + Number + Host + ToTerm(Vocabulary.On) + ToTerm(Vocabulary.By) + Number + Days);

    private NonTerminal Guard()
    {
        var inCluster = Make("clusterGuard", ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Cluster) + Name);
        var where = Make("where", ToTerm(Vocabulary.Where) + _condition);
        var time = Make("duringTime", Window | ToTerm(Word));
        var during = Make("during", ToTerm(Vocabulary.During) + ListOf("windows", ToTerm(CommaWindow), time));
        var unless = Make("unless", ToTerm(Vocabulary.Unless) + _condition);
        return Make("guard", inCluster | where | during | unless);
    }

    private NonTerminal Modifier()
    {
        var until = Make("until", ToTerm(Vocabulary.Until) + _condition);
        var per = Make("perSubject", Empty | ToTerm(Vocabulary.Per) + OneOf("cooldownSubject", Vocabulary.Subjects.Select(s => s.Word)));
        var cooldown = Make("cooldown", ToTerm(Vocabulary.Cooldown) + Number + per);
        var of = OneOf("budgetOf", [Vocabulary.Moves, Vocabulary.Move, Vocabulary.Hosts, Vocabulary.Host]);
        var perTime = Make("budgetTime", Empty | ToTerm(Vocabulary.Per) + Number);
        var atMost = Make("atMost", ToTerm(Vocabulary.At) + ToTerm(Vocabulary.Most) + Number + of + perTime);
        var priority = Make("priority", ToTerm(Vocabulary.Priority) + Number);
        var mode = Make("mode", ToTerm(Vocabulary.Mode) + OneOf("ruleMode", Vocabulary.Modes.Select(m => m.Word)));
        var because = Make("because", ToTerm(Vocabulary.Because) + ToTerm(QuotedText));
        return Make("modifier", until | cooldown | atMost | priority | mode | because);
    }
}
