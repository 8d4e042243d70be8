using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>What a rule does.</summary>
internal sealed partial class PolicyGrammar
{
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
        actions.Rule = MakePlusRule(actions, ToTerm(AndAction), action);
        return actions;
    }
}
