using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>From the tree of one sentence to our syntax records. Recursion is bounded by <see cref="CompilerLimits.NestingDepth"/>.</summary>
internal sealed partial class SyntaxBuilder(ImmutableArray<SyntaxToken> tokens)
{
    public SentenceSyntax Sentence(TreeNode root)
    {
        var node = root.Children[0];
        var span = tokens[0].Span.To(tokens[^1].Span);
        return node.Name switch
        {
            "rule" => Rule(node, span),
            "let" => new LetSyntax(Name(node.Children[1]), Condition(node.Children[3]), tokens, span),
            "hostGroup" => new HostGroupSyntax(Name(node.Children[1]), Condition(node.Children[3]), tokens, span),
            "calendar" => Calendar(node, span),
            "timezone" => new TimeZoneSyntax(Name(node.Children[1]), tokens, span),
            "testSentence" => Test(node, span),
            var other => Constraint(node, span) ?? throw Unknown(other),
        };
    }

    private NameSyntax Name(TreeNode node)
    {
        var token = Token(node);
        return new NameSyntax(token.Value, token.Span);
    }

    private QuantitySyntax Number(TreeNode node)
    {
        var token = Token(node);
        return new QuantitySyntax(token.Text, token.Span);
    }

    private QuantitySyntax? OptionalNumber(TreeNode? node)
    {
        foreach (var child in (node ?? TreeNode.None).Children)
        {
            if (child.IsToken && Token(child).Kind == TokenKind.Number)
                return Number(child);
        }
        return null;
    }

    private NameSyntax? OptionalName(TreeNode? node) => node is { Children.Count: > 0 } ? Name(node.Children[^1]) : null;

    /// <summary>The first word of a part: what it says where it is one of several keywords.</summary>
    private string Keyword(TreeNode node) => Token(node).Text;

    private SyntaxToken Token(TreeNode node) => tokens[node.First];

    private TextSpan Span(TreeNode node) => tokens[node.First].Span.To(tokens[node.End - 1].Span);

    // Nonterminals only: a keyword and a part of the grammar may bear the same name.
    private static TreeNode? Part(TreeNode node, string name)
    {
        foreach (var child in node.Children)
        {
            if (!child.IsToken && child.Name == name)
                return child;
        }
        return null;
    }

    private static IEnumerable<TreeNode> All(TreeNode? node, string name)
    {
        foreach (var child in (node ?? TreeNode.None).Children)
        {
            if (!child.IsToken && child.Name == name)
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
