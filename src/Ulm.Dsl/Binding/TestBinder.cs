using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>What is asked of a host, VM or cluster: its state, tags, name, cluster.</summary>
/// <param name="group">Gives the condition of a group of hosts that a test speaks of.</param>
internal sealed class TestBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag, Func<Definition, Place, Condition?> group)
{
    /// <param name="askedOf">Whom it is asked of where the sentence does not say.</param>
    public Condition? Bind(AsksSyntax syntax, SubjectKind? askedOf)
    {
        if (syntax.Test is IsSyntax state)
            return State(syntax, state);
        var name = syntax.Test.Operand;
        var errors = bag.ErrorCount;
        RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
        if (syntax is { Subject.Kind: SubjectKind.Cluster, Test: TaggedSyntax })
            bag.Add(RuleDiagnostics.CannotBeAsked(sentence.At(syntax.Span), "a cluster has no tags", "ask for the cluster's name, as in `in cluster web`, or for tags of its hosts, as in `any host (tagged \"x\")`"));
        if (errors != bag.ErrorCount)
            return null;
        SubjectTest test = syntax.Test switch
        {
            TaggedSyntax => new SubjectTest.Tagged(name.Value),
            NamedSyntax => new SubjectTest.Named(name.Value),
            InClusterSyntax => new SubjectTest.InCluster(name.Value),
            _ => throw new InvalidOperationException($"No binding for {syntax.Test.GetType().Name}."),
        };
        return new Condition.Asks(syntax.Subject?.Kind ?? askedOf, test, TokenSpacing.Join(sentence, syntax.Span));
    }

    // A state is a host's; of a VM, it is that of its host.
    private Condition? State(AsksSyntax syntax, IsSyntax test)
    {
        var name = test.Operand;
        var place = sentence.At(name.Span);
        if (syntax.Subject is { Kind: not SubjectKind.Host } subject)
        {
            bag.Add(RuleDiagnostics.CannotBeAsked(sentence.At(syntax.Span), $"only a host is ever {Quote.Code(name.Value)}",
                subject.Kind == SubjectKind.Vm
                    ? $"write `host is {Quote.Clean(name.Value)}`: in a condition about VMs, that is the VM's host"
                    : $"write `any host (is {Quote.Clean(name.Value)})` or `all hosts (is {Quote.Clean(name.Value)})`"));
            return null;
        }
        foreach (var (word, state) in Vocabulary.HostStates)
        {
            if (word == name.Value)
                return new Condition.Asks(SubjectKind.Host, new SubjectTest.InState(state), TokenSpacing.Join(sentence, syntax.Span));
        }
        switch (definitions.Find(name.Value))
        {
            case { Kind: DefinitionKind.HostGroup } hosts:
                return group(hosts, place);
            case { } other:
                definitions.Refer(other, place);
                bag.Add(NameDiagnostics.WrongKind(place, "is not a group of hosts", other.NamePlace,
                    other.Kind == DefinitionKind.Condition ? $"a condition stands by itself: write `{Quote.Clean(name.Value)}` without `is`" : "a calendar stands behind `except`"));
                return null;
            case null:
                if (!definitions.IsBroken(name.Value))
                {
                    bag.Add(NameDiagnostics.UnknownState(place, bag.HasRoomFor(sentence.File)
                        ? definitions.Nearest(name.Value, Vocabulary.HostStates.Select(s => s.Word), DefinitionKind.HostGroup) : null));
                }
                return null;
        }
    }
}
