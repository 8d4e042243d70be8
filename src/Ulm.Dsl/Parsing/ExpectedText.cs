using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Parsing;

/// <summary>Says in words what could stand at a place: the grammar's answer, grouped and with examples.</summary>
internal static class ExpectedText
{
    private static readonly string[] Subjects = [.. Vocabulary.Subjects.Select(s => s.Word)];

    private static readonly string[] Tests = [Vocabulary.Is, Vocabulary.Tagged, Vocabulary.Named, Vocabulary.In];

    private static readonly string[] Values =
    [
        PolicyGrammar.Operand, PolicyGrammar.Number, Vocabulary.HostIdle, Vocabulary.Count, .. Vocabulary.TimeFunctions.Select(f => f.Word),
    ];

    private static readonly string[] ConditionStart =
    [
        .. Values, .. Subjects, .. Tests, Vocabulary.Not, Vocabulary.OpenParenthesis, Vocabulary.Any, Vocabulary.All, PolicyGrammar.TimeRange,
    ];

    private static readonly string[] DayWords =
        [.. Vocabulary.Days.Select(d => d.Word), .. Vocabulary.Ordinals.Select(o => o.Word), PolicyGrammar.Date];

    private static readonly string[] Expectations =
    [
        Vocabulary.Nothing, Vocabulary.Pending, Vocabulary.Refused, .. Vocabulary.ActionStarters, PolicyGrammar.Word, PolicyGrammar.QuotedText, PolicyGrammar.Number,
    ];

    public static string Describe(ParserStates states, IReadOnlyList<Entry> before)
    {
        var expected = states.Expected().ToHashSet(StringComparer.Ordinal);
        var phrases = new List<string>();

        if (expected.Contains(Vocabulary.Nothing))
            Group(Expectations, "what is to be seen, such as `nothing`, `migrate vm NAME` or `RULE fires`");
        if (expected.Contains(Vocabulary.CloseBrace) && before[0].Term == Vocabulary.Test)
            Group([Vocabulary.At, Vocabulary.Never, Vocabulary.CloseBrace], "the next line of the test");
        if (expected.Contains(Vocabulary.Missed))
            Group([Vocabulary.Missed, PolicyGrammar.Number], "a value such as `50%`");
        if (expected.Contains(Vocabulary.Colon))
            expected.Remove(Vocabulary.OpenBracket);
        if (expected.Contains(Vocabulary.Not))
            Group(ConditionStart, "a condition such as `host.cpu > 75%`");
        if (expected.Contains(">"))
            Group(Vocabulary.Comparisons.Select(c => c.Sign).Append(Vocabulary.OpenBracket), "a comparison such as `>`");
        if (expected.Contains(PolicyGrammar.Operand))
            Group(Values, expected.Contains(PolicyGrammar.Number) ? "a value such as `75%`" : "something to read such as `host.cpu`");
        if (expected.Contains(Vocabulary.Tagged) && expected.Contains(Vocabulary.Is))
            Group(Tests, "a test such as `is idle` or `tagged \"db\"`");
        if (expected.Contains(Vocabulary.Idle) && expected.Contains(Vocabulary.Draining))
            Group([.. Vocabulary.HostStates.Select(s => s.Word), Vocabulary.In, PolicyGrammar.Word], "a state such as `idle`");
        if (expected.Contains(PolicyGrammar.TimeRange))
            Group([PolicyGrammar.TimeRange, PolicyGrammar.Word], "a time window such as `07:00-20:00`");
        if (expected.Contains(PolicyGrammar.Word))
            Group([PolicyGrammar.Word, PolicyGrammar.QuotedText, PolicyGrammar.Number], "a name");
        if (expected.Contains(PolicyGrammar.Number))
            Group([PolicyGrammar.Number], Number(before));
        if (expected.Contains("first") && expected.Contains(Vocabulary.Last))
            Group(DayWords, "days such as `weekdays`");
        if (expected.Contains(PolicyGrammar.Date))
            Group([PolicyGrammar.Date], "a date such as `2026-12-24`");
        if (expected.Contains(PolicyGrammar.QuotedText))
            Group([PolicyGrammar.QuotedText], "a text in quotes");
        if (expected.Contains(Vocabulary.Where) && expected.Contains(Vocabulary.Unless))
            Group(Vocabulary.GuardStarters, before.Any(e => e.Term == Vocabulary.Then) ? null : "a guard such as `during 07:00-20:00`");
        if (expected.Contains(Vocabulary.Then))
            Group(Vocabulary.ActionStarters, null);
        if (expected.Contains(Vocabulary.Evacuate))
            Group(Vocabulary.ActionStarters, "an action such as `evacuate heaviest vm` or `balance`");
        if (expected.Contains(Vocabulary.Because) && expected.Contains(Vocabulary.Priority))
        {
            Group([Vocabulary.Until, Vocabulary.Cooldown, Vocabulary.At, Vocabulary.Priority, Vocabulary.Mode, Vocabulary.Because],
                "a modifier such as `cooldown 10m`");
        }

        // A closing parenthesis and a plural are possible but seldom what is missing.
        if (expected.Contains(Vocabulary.Hosts))
            expected.Remove(Vocabulary.Host);
        if (expected.Contains(Vocabulary.Vms) && expected.Contains(Vocabulary.Vm))
            expected.Remove(Vocabulary.Vms);
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
    public static string? HelpAtEnd(ParserStates states) => states.After(Vocabulary.Then, null) is not null
        ? "say what is to be done, for example `then evacuate heaviest fitting vm`"
        : null;

    private static string Number(IReadOnlyList<Entry> before) => before.Count == 0 ? "a number" : before[^1].Term switch
    {
        Vocabulary.At when before[0].Term == Vocabulary.Test => "a time since the start such as `15m`",
        Vocabulary.Vm when before[0].Term == Vocabulary.Cooldown => "a duration such as `30m`",
        Vocabulary.Cpu when before[0].Term == Vocabulary.Overcommit => "a factor such as `4x`",
        Vocabulary.Reserve => "a number such as `1`, or `20%`",
        Vocabulary.Below => "a percentage such as `80%`",
        Vocabulary.Evacuate or Vocabulary.Least or Vocabulary.Times => "a number such as `2`",
        Vocabulary.To when before[0].Term == Vocabulary.Limit => "a number such as `2`",
        Vocabulary.For or Vocabulary.Every or Vocabulary.Cooldown or Vocabulary.Per => "a duration such as `10m`",
        Vocabulary.Comma when before.Any(e => e.Term == Vocabulary.OpenParenthesis) => "a duration such as `10m`",
        Vocabulary.At or Vocabulary.Comma or Vocabulary.By or Vocabulary.Between => "a time such as `20:00`",
        Vocabulary.And when before.Any(e => e.Term == Vocabulary.Between) => "a time such as `20:00`",
        Vocabulary.Within => "a percentage such as `10%`",
        Vocabulary.On or Vocabulary.Keep or Vocabulary.Keeping or Vocabulary.Have or Vocabulary.Most or Vocabulary.Priority => "a number such as `2`",
        _ => "a number",
    };
}
