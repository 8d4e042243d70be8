using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Editing;

/// <summary>Finds the attribute that stands at a place in a text, sound or not.</summary>
public static class AttributeAt
{
    /// <returns>The attribute and the stretch it is written in; null where there is none.</returns>
    public static (PolicyAttribute Attribute, TextSpan Span)? Find(SourceText source, int offset)
    {
        var tokens = new Scanner(new SourceFile(source), new DiagnosticBag()).Scan();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind != TokenKind.Word || tokens[i].Span.Start > offset)
                continue;
            var (attribute, last) = Read(i);
            if (attribute is not null && offset <= tokens[last].Span.End)
                return (attribute, tokens[i].Span.To(tokens[last].Span));
        }
        return null;

        (PolicyAttribute?, int Last) Read(int i)
        {
            // `host.munin["plugin.field"]` and `host.idle for` are more than one token.
            if (i + 3 < tokens.Length && tokens[i + 2].Kind == TokenKind.Text && PolicyAttribute.Find($"{tokens[i].Text}[\"{tokens[i + 2].Value}\"]") is { } field)
                return (field, i + 3);
            if (i + 1 < tokens.Length && PolicyAttribute.Find($"{tokens[i].Text} {tokens[i + 1].Text}") is { } two)
                return (two, i + 1);
            return (PolicyAttribute.Find(tokens[i].Text), i);
        }
    }
}
