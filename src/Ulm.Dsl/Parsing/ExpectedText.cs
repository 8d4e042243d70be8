using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Parsing;

/// <summary>Says in words what could stand at a place: the grammar's answer, grouped and with examples.</summary>
internal static class ExpectedText
{
    private static readonly string[] ConditionStart = [PolicyGrammar.Operand, PolicyGrammar.Number, Vocabulary.Not, Vocabulary.OpenParenthesis];

    public static string Describe(ParserStates states, IReadOnlyList<Entry> before)
    {
        var expected = states.Expected().ToHashSet(StringComparer.Ordinal);
        var phrases = new List<string>();

        if (expected.Contains(Vocabulary.Not))
            Group(ConditionStart, "a condition such as `host.cpu > 75%`");
        if (expected.Contains(">"))
            Group(Vocabulary.Comparisons.Select(c => c.Sign), "a comparison such as `>`");
        if (expected.Contains(PolicyGrammar.Operand))
            Group([PolicyGrammar.Operand, PolicyGrammar.Number], "a value such as `75%`");
        if (expected.Contains(PolicyGrammar.Word))
            Group([PolicyGrammar.Word, PolicyGrammar.QuotedText, PolicyGrammar.Number], "a name");
        if (expected.Contains(PolicyGrammar.Number))
            Group([PolicyGrammar.Number], Number(before));
        if (expected.Contains(Vocabulary.Daily))
            Group(Vocabulary.Days.Select(d => d.Word), "days such as `weekdays`");
        if (expected.Contains(Vocabulary.Then))
            Group(Vocabulary.ActionStarters, null);
        if (expected.Contains(Vocabulary.Evacuate))
            Group(Vocabulary.ActionStarters, "an action (`evacuate`, `balance`, `consolidate`, `power off` or `power on`)");

        // A closing parenthesis and a plural are possible but seldom what is missing.
        expected.Remove(Vocabulary.Host);
        phrases.AddRange(expected.Order(StringComparer.Ordinal).Select(e => $"`{e}`"));
        if (states.CanEnd)
            phrases.Add("the end of the sentence");
        return Quote.List(phrases);

        void Group(IEnumerable<string> members, string? phrase)
        {
            expected.ExceptWith(members);
            if (phrase is not null)
                phrases.Add(phrase);
        }
    }

    /// <summary>What to do about a sentence that stops in the middle; null where the expectation says it all.</summary>
    public static string? HelpAtEnd(ParserStates states) => states.After(Vocabulary.Then) is not null
        ? "say what is to be done, for example `then evacuate heaviest fitting vm`"
        : null;

    private static string Number(IReadOnlyList<Entry> before) => before.Count == 0 ? "a number" : before[^1].Term switch
    {
        Vocabulary.For or Vocabulary.Every or Vocabulary.Cooldown => "a duration such as `10m`",
        Vocabulary.At or Vocabulary.Comma => "a time such as `20:00`",
        Vocabulary.Within => "a percentage such as `10%`",
        Vocabulary.On or Vocabulary.Keep or Vocabulary.Keeping => "a number such as `2`",
        _ => "a number",
    };
}
