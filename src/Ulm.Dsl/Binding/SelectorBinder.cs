using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>Whom a constraint is about. Gives a selector even where it reports a fault.</summary>
internal sealed class SelectorBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    public Selector Vms(SelectorSyntax syntax) => Selector(syntax);

    /// <summary>Hosts by their names, or all that a definition stands for.</summary>
    public Selector Hosts(SelectorSyntax syntax)
    {
        if (syntax is { Kind: SelectorKind.Listed, Names: [var only] } && definitions.HostGroup(only, sentence) is { } group)
            return group;
        if (syntax is { Kind: SelectorKind.Listed, Names.Length: > 1 })
        {
            foreach (var name in syntax.Names.Where(n => definitions.HostGroup(n, sentence) is not null))
                bag.Add(ConstraintDiagnostics.GroupInList(sentence.At(name.Span), definitions.Find(name.Value)!.NamePlace));
        }
        return Selector(syntax);
    }

    /// <summary>VMs that are held against one another.</summary>
    public Selector SeveralVms(SelectorSyntax syntax)
    {
        if (syntax is { Kind: SelectorKind.Listed, Names: [var only] })
            bag.Add(ConstraintDiagnostics.OneVmAlone(sentence.At(only.Span)));
        return Selector(syntax);
    }

    private Selector Selector(SelectorSyntax syntax)
    {
        foreach (var (i, name) in syntax.Names.Index())
        {
            RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
            if (syntax.Names.Take(i).FirstOrDefault(n => n.Value == name.Value) is { } first)
                bag.Add(ConstraintDiagnostics.RepeatedName(sentence.At(name.Span), sentence.At(first.Span)));
        }
        return syntax.Kind switch
        {
            SelectorKind.Listed => new Selector.Exactly([.. syntax.Names.Select(n => n.Value)]),
            SelectorKind.Named => new Selector.Named(syntax.Names[0].Value),
            SelectorKind.Tagged => new Selector.Tagged(syntax.Names[0].Value),
            _ => throw new InvalidOperationException($"No binding for {syntax.Kind}."),
        };
    }
}
