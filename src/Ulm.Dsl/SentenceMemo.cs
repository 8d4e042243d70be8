using Ulm.Dsl.Binding;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl;

/// <summary>
/// What the last compilation of a set found out about its sentences, for the next one, which mostly has the same. It spares work and changes nothing of
/// what a compilation gives. Belongs to whoever compiles a changing set again and again, and to one such set; it holds the sentences of the last
/// compilation alone. Not safe for several threads.
/// </summary>
public sealed class SentenceMemo
{
    private Dictionary<string, KnownSentence> _last = new(StringComparer.Ordinal);
    private Dictionary<string, KnownSentence> _met = new(StringComparer.Ordinal);
    private Dictionary<string, string> _definitions = [];
    private TimeSpan _pollingInterval;

    /// <param name="text">From the first word of a sentence to its last.</param>
    internal KnownSentence? Find(ReadOnlySpan<char> text)
    {
        if (_met.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
            return known;
        if (_last.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var key, out known))
            _met.Add(key, known);
        return known;
    }

    internal KnownSentence Keep(string text, SentenceSyntax syntax) => _met[text] = new KnownSentence(syntax);

    /// <summary>Forgets what sentences mean, and that the lints find nothing in them, where that rested on something which is another now.</summary>
    internal void Use(Definitions definitions, TimeSpan pollingInterval)
    {
        var meanings = DefinitionChanges.Meanings(definitions);
        var changed = DefinitionChanges.Between(_definitions, meanings, definitions);
        var all = pollingInterval != _pollingInterval;
        (_definitions, _pollingInterval) = (meanings, pollingInterval);
        if (changed.Count == 0 && !all)
            return;
        foreach (var known in _last.Values.Concat(_met.Values).Where(k => all || k.Syntax.Tokens.Any(t => changed.Contains(t.Value))))
            known.Meaning = null;
    }

    /// <summary>How many sentences it holds.</summary>
    internal int Count => _last.Count;

    /// <summary>Forgets the sentences that the compilation which ends did not meet.</summary>
    internal void Finish()
    {
        (_last, _met) = (_met, _last);
        _met.Clear();
    }
}
