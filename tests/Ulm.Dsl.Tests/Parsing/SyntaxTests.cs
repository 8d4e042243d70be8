using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Tests.Parsing;

public class SyntaxTests
{
    public static TheoryData<string> SampleNames => [.. Repository.SamplePolicies().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void Spans_nest_and_tokens_are_what_stands_in_the_file(string name)
    {
        var source = Repository.SamplePolicies().Single(s => s.Name == name);
        var file = new SourceFile(source);
        var parsed = FileParser.Parse(file, new DiagnosticBag());

        Assert.NotEmpty(parsed.Sentences);
        var last = 0;
        foreach (var sentence in parsed.Sentences)
        {
            Assert.True(sentence.Place.Span.Start >= last, "sentences follow one another");
            last = sentence.Place.Span.End;
            Assert.All(sentence.Syntax.Tokens, t => Assert.Equal(sentence[t.Span], t.Text));
            CheckNesting(sentence.Syntax);
        }
    }

    private static int CheckNesting(SyntaxNode node)
    {
        var children = node.GetType().GetProperties()
            .Select(p => p.GetValue(node))
            .SelectMany(v => v as IEnumerable<SyntaxNode> ?? (v is SyntaxNode one ? [one] : []));
        return 1 + children.Sum(child =>
        {
            Assert.True(node.Span.Contains(child.Span), $"{node} holds {child}");
            return CheckNesting(child);
        });
    }

    [Theory]
    [InlineData("when host.cpu > 75% then balance", "when\nhost.cpu>75%#why\r\n\tthen   balance")]
    [InlineData("at 20:00, 21:00 weekdays consolidate", "at 20:00,21:00 weekdays then consolidate")]
    [InlineData("let a = host.cpu > 75% when a then balance", "let a = host.cpu > 75%\n\n\nwhen (a) then balance")]
    [InlineData("when host.cpu > 75% then balance", "\uFEFFwhen host.cpu > 75% then balance")]
    public void Layout_comments_and_optional_words_mean_nothing(string one, string other)
    {
        var first = Compiled.Rule(one);
        var second = Compiled.Rule(other);
        Assert.Equal(Describe(first.Trigger), Describe(second.Trigger));
        Assert.Equal(first.Actions, second.Actions);
    }

    private static string Describe(Trigger trigger) => trigger switch
    {
        Trigger.When watch => watch.Condition + " for " + watch.For,
        Trigger.At at => string.Join(',', at.Times) + " " + at.Days.Weekly,
        _ => trigger.ToString(),
    };
}
