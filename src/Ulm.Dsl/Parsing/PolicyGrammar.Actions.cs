using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>What a rule does.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Actions()
    {
        var resource = Make("resource", ToTerm(Vocabulary.Cpu) | ToTerm(Vocabulary.Memory) | ToTerm(Vocabulary.Network));
        var by = Make("by", Empty | ToTerm(Vocabulary.By) + resource);
        var within = Make("within", Empty | ToTerm(Vocabulary.To) + ToTerm(Vocabulary.Within) + Number);
        var keeping = Make("keeping", Empty | ToTerm(Vocabulary.Keeping) + Number + ToTerm(Vocabulary.Spare));
        var idleHosts = Make("idleHosts", ToTerm(Vocabulary.Idle) + ToTerm(Vocabulary.Hosts) + keeping);
        var theHost = Make("theHost", ToTerm(Vocabulary.Host) + Name);

        var action = Make("action",
            Evacuate(by)
            | Make("evacuateAll", ToTerm(Vocabulary.Evacuate) + ToTerm(Vocabulary.All) + Vm)
            | Make("drain", ToTerm(Vocabulary.Drain) + ToTerm(Vocabulary.Host) | ToTerm(Vocabulary.Drain) + theHost)
            | Make("balance", ToTerm(Vocabulary.Balance) + by + within)
            | Consolidate()
            | Make("powerOff", ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.Off) + idleHosts)
            | Make("suspend", ToTerm(Vocabulary.Suspend) + idleHosts)
            | Make("powerOn", ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.On) + Number + Host)
            | Make("powerOnUntil", ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.On) + ToTerm(Vocabulary.Hosts) + ToTerm(Vocabulary.Until) + _condition)
            | ShutDown(theHost)
            | Make("enterMaintenance", ToTerm(Vocabulary.Enter) + ToTerm(Vocabulary.Maintenance) + theHost)
            | Make("leaveMaintenance", ToTerm(Vocabulary.Leave) + ToTerm(Vocabulary.Maintenance) + theHost)
            | Make("migrateVm", ToTerm(Vocabulary.Migrate) + ToTerm(Vocabulary.Vm) + Name + ToTerm(Vocabulary.To) + theHost)
            | Notify()
            | Make("runHook", ToTerm(Vocabulary.Run) + ToTerm(Vocabulary.Hook) + Name));
        var actions = new NonTerminal("actions");
        actions.Rule = MakePlusRule(actions, ToTerm(AndAction), action);
        return actions;
    }

    private NonTerminal Evacuate(NonTerminal by)
    {
        var count = Make("count", Empty | ToTerm(Number));
        var order = Make("order", ToTerm(Vocabulary.Heaviest) | ToTerm(Vocabulary.Lightest));
        var fitting = Make("fitting", Empty | ToTerm(Vocabulary.Fitting));
        var preference = Make("preference", ToTerm(Vocabulary.Coolest) | ToTerm(Vocabulary.Fullest));
        var toPreferred = Make("toPreferred", ToTerm(Vocabulary.To) + preference + Host);
        var toHostsWhere = Make("toHostsWhere", ToTerm(Vocabulary.To) + ToTerm(Vocabulary.Hosts) + ToTerm(Vocabulary.Where) + _condition);
        var target = Make("target", Empty | toPreferred | toHostsWhere | toPreferred + toHostsWhere);
        return Make("evacuate", ToTerm(Vocabulary.Evacuate) + count + order + fitting + Vm + by + target);
    }

    private NonTerminal Consolidate()
    {
        var floor = Make("floor", Empty | ToTerm(Vocabulary.To) + ToTerm(Vocabulary.At) + ToTerm(Vocabulary.Least) + Number + Host);
        var level = Make("level", ToTerm(Number) + ToTerm(Vocabulary.Cpu) | ToTerm(Number) + ToTerm(Vocabulary.Memory));
        var ceiling = Make("ceiling", Empty | ToTerm(Vocabulary.Below) + level | ToTerm(Vocabulary.Below) + level + ToTerm(Vocabulary.And) + level);
        return Make("consolidate", ToTerm(Vocabulary.Consolidate) + floor + ceiling);
    }

    private NonTerminal ShutDown(NonTerminal theHost)
    {
        var duration = Make("duration", Empty | ToTerm(Vocabulary.For) + Number);
        return Make("shutDown", ToTerm(Vocabulary.Shut) + ToTerm(Vocabulary.Down) + theHost + duration);
    }

    private NonTerminal Notify()
    {
        var via = Make("via", Empty | ToTerm(Vocabulary.Via) + Name);
        return Make("notify", ToTerm(Vocabulary.Notify) + ToTerm(QuotedText) + via);
    }
}
