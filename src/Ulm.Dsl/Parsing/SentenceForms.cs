using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>How sentences begin: what tells a word that begins one from the same word within a sentence.</summary>
internal static class SentenceForms
{
    /// <summary>Whether what follows the word is what follows it where it begins a sentence.</summary>
    /// <param name="sentence">The first word of the sentence that would end here.</param>
    /// <param name="inBraces">Whether that sentence has an open brace: there, times count from the start of a test.</param>
    public static bool Begins(TokenView at, string sentence, bool inBraces) => !(inBraces && at.Is(-1, NamesFollowInTests)) && at.Word switch
    {
        Vocabulary.Policy => at.IsWordThatBeginsNothing(1) && at.Is(2, [.. Vocabulary.TriggerStarters]),
        Vocabulary.When => (at.IsWordThatBeginsNothing(1) && !at.Is(1, Vocabulary.To, Vocabulary.And, Vocabulary.Then)) || at.IsNumber(1) || at.IsSign(1, Vocabulary.OpenParenthesis),
        Vocabulary.At => at[1] is { Kind: TokenKind.Number } time
            && (!inBraces || (time.Text.Contains(':') && !at.Is(2, Vocabulary.Expect, Vocabulary.Host, Vocabulary.Vm))),
        Vocabulary.Every or Vocabulary.Have or Vocabulary.Reserve => at.IsNumber(1),
        Vocabulary.Cron => at.IsText(1),
        Vocabulary.Test => at.IsText(1) || at.IsSign(2, Vocabulary.OpenBrace),
        Vocabulary.On => BeginsEvent(at, sentence, inBraces),
        Vocabulary.Let or Vocabulary.Hosts or Vocabulary.Calendar => at.IsSign(2, "="),
        // In a test, `never power off` has lost its `expect`.
        Vocabulary.Never => inBraces
            ? at.Is(1, Vocabulary.Migrate) || (at.Is(1, Vocabulary.Power) && at.Is(3, Vocabulary.Host, Vocabulary.Hosts))
            : at.Is(1, Vocabulary.Migrate, Vocabulary.Power),
        Vocabulary.Always => at.Is(1, Vocabulary.Keep),
        Vocabulary.TimeZone => at.IsText(1) || at.IsWordThatBeginsNothing(1),
        Vocabulary.Keep => at.Is(1, Vocabulary.Apart, Vocabulary.Together, Vocabulary.Vm, Vocabulary.Vms),
        Vocabulary.Prefer => at.Is(1, Vocabulary.Apart, Vocabulary.Together),
        Vocabulary.Limit => at.Is(1, Vocabulary.Migrations) || (at.Is(1, Vocabulary.Power) && at.Is(2, Vocabulary.Cycles)),
        Vocabulary.Overcommit => at.Is(1, Vocabulary.Cpu),
        Vocabulary.Cooldown => at.Is(1, Vocabulary.Vm),
        _ => true,
    };

    /// <summary>Whether the word can be a keyword within a sentence here.</summary>
    public static bool StandsWithin(TokenView at) => at.Word switch
    {
        Vocabulary.On or Vocabulary.Hosts or Vocabulary.Cooldown => true,
        // Also `wlays keep 2 hosts on`.
        Vocabulary.Keep => at.Is(-1, Vocabulary.Always) || at.IsMisspelt(-1, Vocabulary.Always),
        Vocabulary.At => at.Is(1, Vocabulary.Most, Vocabulary.Least) || at.Is(-1, Vocabulary.To),
        _ => false,
    };

    /// <summary>Whether the token before is one that a name can follow.</summary>
    public static bool CanBeName(TokenView at) =>
        at.Is(-1, NamesFollow) || at.IsSign(-1, Vocabulary.Comma)
        || (!Vocabulary.ReservedInConditions.Contains(at.Word) && (at.Is(-1, ConditionsFollow) || at[-1] is { Kind: TokenKind.Sign, Text: not (Vocabulary.CloseParenthesis or Vocabulary.CloseBracket or Vocabulary.CloseBrace) }));

    private static readonly string[] NamesFollow =
    [
        Vocabulary.Vm, Vocabulary.Vms, Vocabulary.Host, Vocabulary.Hosts, Vocabulary.Cluster, Vocabulary.Named, Vocabulary.Tagged, Vocabulary.Is,
        Vocabulary.Except, Vocabulary.Via, Vocabulary.Hook,
    ];

    private static readonly string[] NamesFollowInTests =
        [Vocabulary.Expect, Vocabulary.By, Vocabulary.Pending, Vocabulary.Refused, Vocabulary.Host, Vocabulary.Vm, Vocabulary.Cluster];

    private static readonly string[] ConditionsFollow =
    [
        Vocabulary.When, Vocabulary.And, Vocabulary.Or, Vocabulary.Not, Vocabulary.Where, Vocabulary.During, Vocabulary.Unless, Vocabulary.Until,
    ];

    // `keep vms .. on host NAME`, and in tests `.. on host NAME`: there the third word must be what happens.
    private static bool BeginsEvent(TokenView at, string sentence, bool inBraces) =>
        at.Is(1, Vocabulary.Host, Vocabulary.Vm) && !at.Is(-1, Vocabulary.Power, Vocabulary.Is)
        && (at.Is(2, [.. Vocabulary.Events.Select(e => e.Word)]) || !(inBraces || sentence is Vocabulary.Keep or Vocabulary.Prefer));
}
