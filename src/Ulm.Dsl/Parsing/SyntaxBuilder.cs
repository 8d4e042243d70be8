using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>From Irony's tree of one sentence to our syntax records. Recursion is bounded by <see cref="CompilerLimits.NestingDepth"/>.</summary>
internal sealed class SyntaxBuilder(Dictionary<int, SyntaxToken> tokenAt, ImmutableArray<SyntaxToken> tokens)
{
    public SentenceSyntax Sentence(ParseTreeNode root)
    {
        var node = root.ChildNodes[0];
        var span = tokens[0].Span.To(tokens[^1].Span);
        return node.Term.Name switch
        {
            "rule" => Rule(node, span),
            "let" => new LetSyntax(Name(node.ChildNodes[1]), Condition(node.ChildNodes[3]), tokens, span),
            "timezone" => new TimeZoneSyntax(Name(node.ChildNodes[1]), tokens, span),
            "neverMigrate" => NeverMigrate(node.ChildNodes[3], span),
            "alwaysKeep" => new AlwaysKeepSyntax(Number(node.ChildNodes[2]), OptionalName(Part(node, "cluster")), tokens, span),
            var other => throw Unknown(other),
        };
    }

    private RuleSyntax Rule(ParseTreeNode node, TextSpan span)
    {
        var trigger = Part(node, "when") is { } when ? When(when) : Schedule(Part(node, "schedule")!.ChildNodes[0]);
        return new RuleSyntax(
            OptionalName(Part(node, "header")),
            trigger,
            [.. All(Part(node, "actions"), "action").Select(a => Action(a.ChildNodes[0]))],
            [.. All(Part(node, "modifiers"), "modifier").Select(m => Modifier(m.ChildNodes[0]))],
            tokens, span);
    }

    private WhenSyntax When(ParseTreeNode node) =>
        new(Condition(node.ChildNodes[1]), OptionalNumber(Part(node, "hold")), Span(node));

    private TriggerSyntax Schedule(ParseTreeNode node) => node.Term.Name switch
    {
        "at" => new AtSyntax(
            [.. Part(node, "times")!.ChildNodes.Select(Number)],
            [.. All(Part(node, "days"), "day").Select(d => Name(d.ChildNodes[0]))],
            Span(node)),
        "every" => new EverySyntax(Number(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };

    private ActionSyntax Action(ParseTreeNode node) => node.Term.Name switch
    {
        "evacuate" => new EvacuateSyntax(Part(node, "fitting")!.ChildNodes.Count > 0, By(node), Span(node)),
        "balance" => new BalanceSyntax(By(node), OptionalNumber(Part(node, "within")), Span(node)),
        "consolidate" => new ConsolidateSyntax(Span(node)),
        "powerOff" => new PowerOffSyntax(OptionalNumber(Part(node, "keeping")), Span(node)),
        "powerOn" => new PowerOnSyntax(Number(node.ChildNodes[2]), Span(node)),
        var other => throw Unknown(other),
    };

    private Resource? By(ParseTreeNode node) => Part(node, "by") is { ChildNodes.Count: > 0 } by
        ? Token(by.ChildNodes[1].ChildNodes[0]).Text == Vocabulary.Cpu ? Resource.Cpu : Resource.Memory
        : null;

    private ModifierSyntax Modifier(ParseTreeNode node) => node.Term.Name switch
    {
        "until" => new UntilSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "cooldown" => new CooldownSyntax(Number(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };

    private NeverMigrateSyntax NeverMigrate(ParseTreeNode selector, TextSpan span)
    {
        var kind = selector.ChildNodes.Count == 1 ? SelectorKind.Exactly
            : Token(selector.ChildNodes[0]).Text == Vocabulary.Named ? SelectorKind.Named
            : SelectorKind.Tagged;
        return new NeverMigrateSyntax(kind, Name(selector.ChildNodes[^1]), tokens, span);
    }

    private ConditionSyntax Condition(ParseTreeNode node) => node.Term.Name switch
    {
        "condition" => Joined(node, static (parts, span) => new OrSyntax(parts, span)),
        "and" => Joined(node, static (parts, span) => new AndSyntax(parts, span)),
        "term" => Condition(node.ChildNodes[0]),
        "not" => new NotSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "parenthesised" => new ParenthesisedSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "comparison" => Comparison(node),
        "named" => new NamedConditionSyntax(Name(node.ChildNodes[0]), Span(node)),
        var other => throw Unknown(other),
    };

    private ConditionSyntax Joined(ParseTreeNode node, Func<ImmutableArray<ConditionSyntax>, TextSpan, ConditionSyntax> join) =>
        node.ChildNodes.Count == 1
            ? Condition(node.ChildNodes[0])
            : join([.. node.ChildNodes.Select(Condition)], Span(node));

    private ComparisonSyntax Comparison(ParseTreeNode node)
    {
        var sign = Token(node.ChildNodes[1].ChildNodes[0]).Text;
        var comparison = Vocabulary.Comparisons.First(c => c.Sign == sign).Operator;
        return new ComparisonSyntax(Operand(node.ChildNodes[0]), comparison, sign, Operand(node.ChildNodes[2]), Span(node));
    }

    private OperandSyntax Operand(ParseTreeNode node) => Token(node.ChildNodes[0]).Kind == TokenKind.Number
        ? new ConstantSyntax(Number(node.ChildNodes[0]))
        : new ReadSyntax(Name(node.ChildNodes[0]));

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
