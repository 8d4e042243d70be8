using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>How sentences begin: what tells a word that begins one from the same word within a sentence.</summary>
internal static class SentenceForms
{
    /// <summary>Whether what follows the word is what follows it where it begins a sentence.</summary>
    /// <param name="sentence">The first word of the sentence that would end here.</param>
    /// <param name="inBraces">Whether that sentence has an open brace: there, times count from the start of a test.</param>
    public static bool Begins(TokenView at, string sentence, bool inBraces) => !(inBraces && at.Is(-1, NamesFollowInTests)) && !IsSlip(at) && at.Word switch
    {
        Vocabulary.Policy => at[1] is { Kind: not TokenKind.Sign } && at.Is(2, [.. Vocabulary.TriggerStarters]) && Begins(at.From(2), sentence, inBraces),
        Vocabulary.When => BeginsCondition(at),
        Vocabulary.At => at[1] is { Kind: TokenKind.Number } time
            && (!inBraces || (time.Text.Contains(':') && !at.Is(2, Vocabulary.Expect, Vocabulary.Host, Vocabulary.Vm))),
        Vocabulary.Every or Vocabulary.Have or Vocabulary.Reserve => at.IsNumber(1),
        Vocabulary.Cron => at.IsText(1),
        Vocabulary.Test => at.IsText(1) || at.IsSign(2, Vocabulary.OpenBrace),
        Vocabulary.On => BeginsEvent(at, sentence, inBraces),
        Vocabulary.Let or Vocabulary.Hosts or Vocabulary.Calendar => at[1] is { Kind: TokenKind.Word } && at.IsSign(2, "="),
        Vocabulary.Never => BeginsBan(at),
        Vocabulary.Always => at.Is(1, Vocabulary.Keep) && !at.Is(2, Vocabulary.Apart, Vocabulary.Together, Vocabulary.Vm, Vocabulary.Vms),
        Vocabulary.TimeZone => at.IsText(1) || at.IsUnreserved(1),
        Vocabulary.Keep => at.Is(1, Vocabulary.Apart, Vocabulary.Together, Vocabulary.Vm, Vocabulary.Vms),
        Vocabulary.Prefer => at.Is(1, Vocabulary.Apart, Vocabulary.Together),
        Vocabulary.Limit => at.Is(1, Vocabulary.Migrations) || (at.Is(1, Vocabulary.Power) && at.Is(2, Vocabulary.Cycles)),
        Vocabulary.Overcommit => at.Is(1, Vocabulary.Cpu),
        Vocabulary.Cooldown => at.Is(1, Vocabulary.Vm),
        _ => true,
    };

    /// <summary>Whether the word can be a keyword within a sentence here.</summary>
    public static bool StandsWithin(TokenView at) => IsSlip(at) || at.Word switch
    {
        Vocabulary.On or Vocabulary.Hosts or Vocabulary.Cooldown => true,
        // Also `wlays keep 2 hosts on`.
        Vocabulary.Keep => at.Is(-1, Vocabulary.Always) || at.IsMisspelt(-1, Vocabulary.Always),
        Vocabulary.At => at.Is(1, Vocabulary.Most, Vocabulary.Least) || at.Is(-1, Vocabulary.To) || (at.IsMisspelt(1, Vocabulary.Most) && at.IsNumber(2)),
        _ => false,
    };

    /// <summary>Whether the token before is one that a name can follow.</summary>
    public static bool CanBeName(TokenView at) =>
        (at.Is(-1, NamesFollow) && !IsKindAlone(at) && !at.Is(0, GoesOn)) || at.IsSign(-1, Vocabulary.Comma)
        || (!Vocabulary.ReservedInConditions.Contains(at.Word) && (at.Is(-1, ConditionsFollow)
            || at[-1] is { Kind: TokenKind.Sign, Text: not (Vocabulary.CloseParenthesis or Vocabulary.CloseBracket or Vocabulary.CloseBrace) }));

    private static readonly string[] NamesFollow =
    [
        Vocabulary.Vm, Vocabulary.Vms, Vocabulary.Host, Vocabulary.Hosts, Vocabulary.Cluster, Vocabulary.Named, Vocabulary.Tagged, Vocabulary.Is,
        Vocabulary.Except, Vocabulary.TimeZone, Vocabulary.Via, Vocabulary.Hook,
    ];

    // `host is on`, `hosts until ..`: what can follow a kind instead of a name.
    private static readonly string[] GoesOn =
        [Vocabulary.Is, Vocabulary.In, Vocabulary.Named, Vocabulary.Tagged, Vocabulary.Where, Vocabulary.Until];

    // `per host`, `idle hosts`, `2 hosts`: the word before speaks of no one in particular.
    private static bool IsKindAlone(TokenView at) =>
        at.Is(-1, Vocabulary.Vm, Vocabulary.Vms, Vocabulary.Host, Vocabulary.Hosts, Vocabulary.Cluster)
        && (at.IsNumber(-2) || at.Is(-2, Vocabulary.Per, Vocabulary.Idle, Vocabulary.Heaviest, Vocabulary.Fitting, Vocabulary.All, Vocabulary.Lightest, Vocabulary.Coolest, Vocabulary.Fullest));

    private static readonly string[] ConditionsBegin =
    [
        Vocabulary.Not, Vocabulary.Any, Vocabulary.All, Vocabulary.Count, Vocabulary.Host, Vocabulary.Vm, Vocabulary.Cluster, Vocabulary.Is,
        Vocabulary.Tagged, Vocabulary.Named, Vocabulary.HostIdle, .. Vocabulary.TimeFunctions.Select(f => f.Word),
    ];

    private static readonly string[] NamesFollowInTests =
        [Vocabulary.Expect, Vocabulary.By, Vocabulary.Pending, Vocabulary.Refused, Vocabulary.Host, Vocabulary.Vm, Vocabulary.Cluster];

    private static readonly string[] ConditionsFollow =
    [
        Vocabulary.When, Vocabulary.And, Vocabulary.Or, Vocabulary.Not, Vocabulary.Where, Vocabulary.During, Vocabulary.Unless, Vocabulary.Until,
    ];

    // `every monday at 20:00`, `on monday at 20:00`, `at 20:00 every day`, `have 2 hosts on at 07:30`: no sound sentence has these, so that they can be
    // kept together for the reader to say how each is said.
    private static bool IsSlip(TokenView at) => at.Word switch
    {
        Vocabulary.At => (at.Is(-2, Vocabulary.Every, Vocabulary.On) && at.Is(-1, DayWords)) || (at.Is(-1, Vocabulary.On) && at.Is(-2, Vocabulary.Hosts) && at.Is(-4, Vocabulary.Have)),
        Vocabulary.Every => at.IsNumber(-1) && at.Is(-2, Vocabulary.At) && at.Is(1, DayWords),
        Vocabulary.Keep => at.IsNumber(1) && (at.Is(2, Vocabulary.Spare) || (at.Is(2, Vocabulary.Host, Vocabulary.Hosts) && at.Is(3, Vocabulary.Spare))),
        _ => false,
    };

    private static readonly string[] DayWords = [.. Vocabulary.Days.Select(d => d.Word), Vocabulary.Day, "weekday", "weekend"];

    // Also `when balance then ..`, where a definition bears the name of a keyword.
    private static bool BeginsCondition(TokenView at) =>
        at.IsUnreserved(1) || at.Is(1, ConditionsBegin) || at.IsNumber(1) || at.IsSign(1, Vocabulary.OpenParenthesis)
        // Behind a name that must stand, `in cluster` is a guard.
        || (at.Is(1, Vocabulary.In) && at.Is(-2, Vocabulary.Drain, Vocabulary.Policy))
        || (at[1] is { Kind: TokenKind.Word } && at.Is(2, Vocabulary.Then, Vocabulary.For, Vocabulary.And, Vocabulary.Or));

    // `power off idle hosts` and `migrate vm NAME to host NAME` are actions, which a name such as `never` can stand before.
    private static bool BeginsBan(TokenView at) =>
        (at.Is(1, Vocabulary.Migrate) && at.Is(2, Vocabulary.Vm, Vocabulary.Vms) && !at.Is(4, Vocabulary.To))
        || (at.Is(1, Vocabulary.Power) && at.Is(2, Vocabulary.Off) && at.Is(3, Vocabulary.Host, Vocabulary.Hosts));

    // `keep vms .. on host NAME`, and in tests `.. on host NAME`: there the third word must be what happens.
    private static bool BeginsEvent(TokenView at, string sentence, bool inBraces) =>
        at.Is(1, Vocabulary.Host, Vocabulary.Vm) && !at.Is(-1, Vocabulary.Power, Vocabulary.Is)
        && (at.Is(2, [.. Vocabulary.Events.Select(e => e.Word)]) || !(inBraces || sentence is Vocabulary.Keep or Vocabulary.Prefer));
}
