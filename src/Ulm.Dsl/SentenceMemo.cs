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
    private string _definitions = "";

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

    /// <summary>Forgets what sentences mean if the names that they may use now mean something else.</summary>
    internal void UseDefinitions(string meaning)
    {
        if (meaning == _definitions)
            return;
        _definitions = meaning;
        foreach (var known in _last.Values.Concat(_met.Values))
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
