using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Standing constraints.</summary>
internal sealed partial class PolicyGrammar
{
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
}
