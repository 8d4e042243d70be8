using System.Text;
using Ulm.Dsl.Parsing;

namespace Ulm.Dsl.Binding;

/// <summary>
/// The words of a sentence with definitions written out: what decides whether a reloaded rule is still the same. Layout and
/// comments don't count, and neither does whether something stands in a <c>let</c> or in the rule itself, parentheses apart. The
/// days of a calendar file count by their version.
/// </summary>
internal sealed class Fingerprints(Definitions definitions)
{
    private readonly Dictionary<Definition, string> _expanded = [];

    /// <summary>Of a rule that was bound, so that its names are known. Where one of them stands for nothing, by a fault of its definition, it is left as it is.</summary>
    public string Of(ParsedSentence rule) => Join(rule, from: 0);

    private string Expand(Definition definition)
    {
        if (_expanded.TryGetValue(definition, out var text))
            return text;
        // One with a fault may lead to itself, or be without measure. That fault keeps everything from being used.
        if (definition.Kind != DefinitionKind.Calendar && definition.Bound?.Condition is null)
            return definition.Name;
        // NAME =: what it stands for begins at the fourth token.
        var words = Join(definition.Sentence, from: 3);
        text = definition.Kind switch
        {
            DefinitionKind.Condition => $"( {words} )",
            DefinitionKind.HostGroup => $"hosts ( {words} )",
            _ => $"calendar ( {words} {definition.Calendar?.Version} )",
        };
        _expanded[definition] = text;
        return text;
    }

    private string Join(ParsedSentence sentence, int from)
    {
        var text = new StringBuilder();
        foreach (var token in sentence.Syntax.Tokens.AsSpan(from..))
        {
            if (text.Length > 0)
                text.Append(' ');
            text.Append(definitions.ReferenceAt(sentence.At(token.Span)) is { } definition ? Expand(definition) : token.Text);
        }
        return text.ToString();
    }
}
