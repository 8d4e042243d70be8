using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>Gives each rule its name, unique in the set: the written one, else its file and line.</summary>
internal sealed class RuleNames
{
    private readonly Dictionary<string, Place> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<Place> _refused = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly DiagnosticBag _bag;

    /// <summary>Written names first, so that no file and line can take one away.</summary>
    public RuleNames(IEnumerable<ParsedFile> files, DiagnosticBag bag)
    {
        _bag = bag;
        foreach (var file in files)
        {
            // A rule that could not be read still has a name, and what names it has no fault.
            _broken.UnionWith(file.Broken.Where(b => b.Length > 1 && b[0].Is(Vocabulary.Policy)).Select(b => b[1].Value));
            foreach (var (sentence, rule) in file.All<RuleSyntax>())
            {
                if (rule.Name is not { } name || !IsWritten(name))
                    continue;
                var place = sentence.At(name.Span);
                var errors = bag.ErrorCount;
                if (!_taken.TryAdd(name.Value, place))
                    bag.Add(NameDiagnostics.DuplicatePolicy(place, name.Value, _taken[name.Value]));
                CheckUsable(name, place, bag);
                if (errors != bag.ErrorCount)
                    _refused.Add(place);
            }
        }
    }

    /// <summary>Every name given so far.</summary>
    public IEnumerable<string> Names => _taken.Keys;

    public bool Has(string name) => _taken.ContainsKey(name) || _broken.Contains(name);

    /// <summary>Whether the written name is a fault, already reported.</summary>
    public bool IsRefused(ParsedSentence sentence, RuleSyntax rule) => rule.Name is { } name && _refused.Contains(sentence.At(name.Span));

    public string Of(ParsedSentence sentence, RuleSyntax rule)
    {
        if (rule.Name is { } written && IsWritten(written))
            return written.Value;
        var (path, line, column) = sentence.Location(rule.Span);
        var fileName = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        // The later ones only where two rules share a line, or two folders hold files of one name.
        string[] candidates = [$"{fileName}:{line}", $"{path}:{line}", $"{fileName}:{line}:{column}", $"{path}:{line}:{column}"];
        var place = sentence.Place;
        foreach (var name in candidates)
        {
            if (_taken.TryAdd(name, place))
                return name;
        }
        var last = candidates[^1];
        _bag.Add(NameDiagnostics.DuplicatePolicy(place, last, _taken[last]));
        return last;
    }

    // A name that was forgotten is reported by the parser and has no place in the text.
    private static bool IsWritten(NameSyntax name) => name.Span.Length > 0;

    public static void CheckUsable(NameSyntax name, Place place, DiagnosticBag bag)
    {
        if (name.Value.Length is 0 or > 200 || string.IsNullOrWhiteSpace(name.Value) || name.Value.Any(char.IsControl) || Quote.Printable(name.Value) != name.Value)
            bag.Add(NameDiagnostics.UnusableName(place));
    }
}
