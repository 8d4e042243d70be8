using Irony.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>What a rule does.</summary>
internal sealed partial class SyntaxBuilder
{
    private ActionSyntax Action(ParseTreeNode node) => node.Term.Name switch
    {
        "evacuate" => new EvacuateSyntax(Part(node, "fitting")!.ChildNodes.Count > 0, By(node), Span(node)),
        "balance" => new BalanceSyntax(By(node), OptionalNumber(Part(node, "within")), Span(node)),
        "consolidate" => new ConsolidateSyntax(Span(node)),
        "powerOff" => new PowerOffSyntax(OptionalNumber(Part(node, "keeping")), Span(node)),
        "powerOn" => new PowerOnSyntax(Number(node.ChildNodes[2]), Span(node)),
        var other => throw Unknown(other),
    };

    private Resource? By(ParseTreeNode node) => Part(node, "by") is { ChildNodes.Count: > 0 } by ? ResourceOf(Keyword(by.ChildNodes[1])) : null;

    private static Resource ResourceOf(string word) => word == Vocabulary.Cpu ? Resource.Cpu : Resource.Memory;
}
