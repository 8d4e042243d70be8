using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>From Irony's tree of one sentence to our syntax records. Recursion is bounded by <see cref="CompilerLimits.NestingDepth"/>.</summary>
internal sealed partial class SyntaxBuilder(Dictionary<int, SyntaxToken> tokenAt, ImmutableArray<SyntaxToken> tokens)
{
    public SentenceSyntax Sentence(ParseTreeNode root)
    {
        var node = root.ChildNodes[0];
        var span = tokens[0].Span.To(tokens[^1].Span);
        return node.Term.Name switch
        {
            "rule" => Rule(node, span),
            "let" => new LetSyntax(Name(node.ChildNodes[1]), Condition(node.ChildNodes[3]), tokens, span),
            "hostGroup" => new HostGroupSyntax(Name(node.ChildNodes[1]), Condition(node.ChildNodes[3]), tokens, span),
            "calendar" => Calendar(node, span),
            "timezone" => new TimeZoneSyntax(Name(node.ChildNodes[1]), tokens, span),
            "testSentence" => Test(node, span),
            var other => Constraint(node, span) ?? throw Unknown(other),
        };
    }

    private NameSyntax Name(ParseTreeNode node)
    {
        var token = Token(node.Token is null ? node.ChildNodes[0] : node);
        return new NameSyntax(token.Value, token.Span);
    }

    private QuantitySyntax Number(ParseTreeNode node)
    {
        var token = Token(node);
        return new QuantitySyntax(token.Text, token.Span);
    }

    private QuantitySyntax? OptionalNumber(ParseTreeNode? node) =>
        node?.ChildNodes.FirstOrDefault(c => c.Token is not null && Token(c).Kind == TokenKind.Number) is { } number ? Number(number) : null;

    private NameSyntax? OptionalName(ParseTreeNode? node) => node is { ChildNodes.Count: > 0 } ? Name(node.ChildNodes[^1]) : null;

    /// <summary>The first word of a part: what it says where it is one of several keywords.</summary>
    private string Keyword(ParseTreeNode node) => Token(FirstToken(node)).Text;

    private SyntaxToken Token(ParseTreeNode node) => tokenAt[node.Token.Location.Position];

    private TextSpan Span(ParseTreeNode node)
    {
        var last = node;
        while (last.Token is null)
            last = last.ChildNodes.Last(c => c.FindToken() is not null);
        return Token(FirstToken(node)).Span.To(Token(last).Span);
    }

    private static ParseTreeNode FirstToken(ParseTreeNode node)
    {
        while (node.Token is null)
            node = node.ChildNodes.First(c => c.FindToken() is not null);
        return node;
    }

    // Nonterminals only: a keyword and a part of the grammar may bear the same name.
    private static ParseTreeNode? Part(ParseTreeNode node, string name) =>
        node.ChildNodes.FirstOrDefault(c => c.Token is null && c.Term.Name == name);

    private static IEnumerable<ParseTreeNode> All(ParseTreeNode? node, string name)
    {
        foreach (var child in node?.ChildNodes ?? [])
        {
            if (child.Token is null && child.Term.Name == name)
                yield return child;
            else
            {
                foreach (var inner in All(child, name))
                    yield return inner;
            }
        }
    }

    private static InvalidOperationException Unknown(string part) => new($"The grammar has a part `{part}` that has no syntax record.");
}
