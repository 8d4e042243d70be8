using System.Text.RegularExpressions;

namespace Ulm.Dsl.Tests.Parsing;

/// <summary>A part of a grammar in the notation of ISO 14977.</summary>
internal abstract record Ebnf
{
    private Ebnf() { }

    public sealed record Terminal(string Text) : Ebnf;

    public sealed record Reference(string Name) : Ebnf;

    public sealed record Sequence(IReadOnlyList<Ebnf> Parts) : Ebnf;

    public sealed record Choice(IReadOnlyList<Ebnf> Alternatives) : Ebnf;

    public sealed record Optional(Ebnf Inner) : Ebnf;

    public sealed record Repeated(Ebnf Inner) : Ebnf;

    /// <summary>Something said in words.</summary>
    public sealed record Special(string Text) : Ebnf;
}

/// <summary><c>grammar/ulm.ebnf</c>, read as what it is.</summary>
internal sealed partial class WrittenGrammar
{
    public static readonly WrittenGrammar Language = new(File.ReadAllText(Repository.Folder("grammar", "ulm.ebnf")));

    private readonly IReadOnlyList<string> _tokens;
    private int _at;

    private WrittenGrammar(string text)
    {
        _tokens = [.. Token().Matches(Comment().Replace(text, " ")).Select(m => Blanks().Replace(m.Value.Trim(), " "))];
        var rules = new Dictionary<string, Ebnf>(StringComparer.Ordinal);
        while (_at < _tokens.Count)
        {
            var name = Next();
            Expect("=");
            rules.Add(name, Choice());
            Expect(";");
        }
        Rules = rules;
    }

    public IReadOnlyDictionary<string, Ebnf> Rules { get; }

    /// <summary>Every word and sign that stands in quotes.</summary>
    public IEnumerable<string> Terminals => Rules.Values.SelectMany(All).OfType<Ebnf.Terminal>().Select(t => t.Text).Distinct();

    public IEnumerable<string> References => Rules.Values.SelectMany(All).OfType<Ebnf.Reference>().Select(r => r.Name).Distinct();

    private static IEnumerable<Ebnf> All(Ebnf part) => (part switch
    {
        Ebnf.Sequence sequence => sequence.Parts,
        Ebnf.Choice choice => choice.Alternatives,
        Ebnf.Optional optional => [optional.Inner],
        Ebnf.Repeated repeated => [repeated.Inner],
        _ => (IEnumerable<Ebnf>)[],
    }).SelectMany(All).Prepend(part);

    private Ebnf Choice()
    {
        var alternatives = new List<Ebnf> { Sequence() };
        while (Peek() == "|")
        {
            Next();
            alternatives.Add(Sequence());
        }
        return alternatives.Count == 1 ? alternatives[0] : new Ebnf.Choice(alternatives);
    }

    private Ebnf Sequence()
    {
        var parts = new List<Ebnf> { Part() };
        while (Peek() == ",")
        {
            Next();
            parts.Add(Part());
        }
        return parts.Count == 1 ? parts[0] : new Ebnf.Sequence(parts);
    }

    private Ebnf Part()
    {
        var token = Next();
        switch (token[0])
        {
            case '(':
                return Closed(Choice(), ")");
            case '[':
                return new Ebnf.Optional(Closed(Choice(), "]"));
            case '{':
                return new Ebnf.Repeated(Closed(Choice(), "}"));
            case '"':
                return new Ebnf.Terminal(token[1..^1]);
            case '?':
                return new Ebnf.Special(token[1..^1].Trim());
            default:
                Assert.True(char.IsLetter(token[0]), $"`{token}` in ulm.ebnf");
                return new Ebnf.Reference(token);
        }
    }

    private Ebnf Closed(Ebnf inner, string close)
    {
        Expect(close);
        return inner;
    }

    private string? Peek() => _at < _tokens.Count ? _tokens[_at] : null;

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw new Xunit.Sdk.XunitException("ulm.ebnf ends in the middle of a rule");

    private void Expect(string sign)
    {
        var found = Next();
        Assert.True(found == sign, $"expected `{sign}` and found `{found}` in ulm.ebnf, after {string.Join(' ', _tokens.Take(_at - 1).TakeLast(8))}");
    }

    [GeneratedRegex("\"[^\"]+\"|\\?[^?]*\\?|[a-z]+(?:\\s+[a-z]+)*|\\S", RegexOptions.IgnoreCase)]
    private static partial Regex Token();

    [GeneratedRegex(@"\(\*.*?\*\)", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
