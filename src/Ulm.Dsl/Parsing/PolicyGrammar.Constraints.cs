using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Standing constraints.</summary>
internal sealed partial class PolicyGrammar
{
    private BnfExpression Constraint()
    {
        var names = new NonTerminal("names");
        names.Rule = MakePlusRule(names, ToTerm(Vocabulary.Comma), Name);
        var selection = Make("selection", names | ToTerm(Vocabulary.Named) + Name | ToTerm(Vocabulary.Tagged) + Name);
        var vms = Make("vms", Vm + selection);
        var hosts = Make("hosts", Host + selection);
        return NeverMigrate(vms) | NeverPowerOff(hosts) | Affinity(vms) | KeepOn(vms, hosts) | AlwaysKeep() | Reserve() | Limits() | VmCooldown() | Overcommit();
    }

    private NonTerminal NeverMigrate(NonTerminal vms) => Make("neverMigrate", ToTerm(Vocabulary.Never) + ToTerm(Vocabulary.Migrate) + vms);

    private NonTerminal NeverPowerOff(NonTerminal hosts) =>
        Make("neverPowerOff", ToTerm(Vocabulary.Never) + ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.Off) + hosts);

    private NonTerminal Affinity(NonTerminal vms)
    {
        var strength = Make("strength", ToTerm(Vocabulary.Keep) | ToTerm(Vocabulary.Prefer));
        var direction = Make("direction", ToTerm(Vocabulary.Apart) | ToTerm(Vocabulary.Together));
        return Make("affinity", strength + direction + vms);
    }

    private NonTerminal KeepOn(NonTerminal vms, NonTerminal hosts) => Make("keepOn", ToTerm(Vocabulary.Keep) + vms + ToTerm(Vocabulary.On) + hosts);

    private NonTerminal AlwaysKeep() =>
        Make("alwaysKeep", ToTerm(Vocabulary.Always) + ToTerm(Vocabulary.Keep) + Number + Host + ToTerm(Vocabulary.On) + InCluster);

    private NonTerminal Reserve()
    {
        var of = Make("reserved", Host | ToTerm(Vocabulary.Cpu) | ToTerm(Vocabulary.Memory));
        return Make("reserve", ToTerm(Vocabulary.Reserve) + Number + of + InCluster);
    }

    private NonTerminal Limits()
    {
        var perHost = Make("perHost", ToTerm(Number) + ToTerm(Vocabulary.Per) + ToTerm(Vocabulary.Host));
        var inTotal = Make("inTotal", ToTerm(Number) + ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Total));
        var perTime = Make("perTime", ToTerm(Number) + ToTerm(Vocabulary.Per) + Number);
        var migrations = Make("migrationLimit",
            perHost | inTotal | perHost + ToTerm(Vocabulary.And) + inTotal | inTotal + ToTerm(Vocabulary.And) + perHost | perTime);
        var powerCycles = Make("powerCycleLimit", perHost + ToTerm(Vocabulary.Per) + Number);
        return Make("limit",
            ToTerm(Vocabulary.Limit) + ToTerm(Vocabulary.Migrations) + ToTerm(Vocabulary.To) + migrations
            | ToTerm(Vocabulary.Limit) + ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.Cycles) + ToTerm(Vocabulary.To) + powerCycles);
    }

    private NonTerminal VmCooldown() => Make("vmCooldown", ToTerm(Vocabulary.Cooldown) + ToTerm(Vocabulary.Vm) + Number);

    private NonTerminal Overcommit() => Make("overcommit", ToTerm(Vocabulary.Overcommit) + ToTerm(Vocabulary.Cpu) + Number);
}
