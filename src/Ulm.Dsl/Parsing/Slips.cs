using System.Collections.Immutable;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>What people write who come from other tools or from plain English, and how this language says it. Only ever offered, never taken.</summary>
internal static class Slips
{
    // What is kept stands in capitals: NUMBER, TIME, DURATION, TEXT, WORD (any), NAME (no keyword), ATTRIBUTE, DAY, EVENT, ACTION (the word that begins one); a digit tells two of a kind apart.
    private static readonly ImmutableArray<Slip> All =
    [
        .. EachIs("when", "if", "whenever", "while"),
        new("every DAY at TIME", "at TIME DAY"), new("every day at TIME", "at TIME daily"), new("DAY at TIME", "at TIME DAY"),
        new("every weekday at TIME", "at TIME weekdays"), new("every weekend at TIME", "at TIME weekends"), new("on DAY at TIME", "at TIME DAY"),
        new("every day", "daily"), new("every weekday", "weekdays"), new("every weekend", "weekends"), new("every DAY", "DAY"), new("on DAY", "DAY"),
        new("not on weekends", "weekdays"), .. EachIs("weekdays", "mon-fri", "monday-friday", "workdays"), .. EachIs("weekends", "sat-sun", "saturday-sunday"),
        new("monday to friday", "weekdays"), new("saturday to sunday", "weekends"), .. Vocabulary.Weekdays.Select(d => new Slip(d.Word[..3], d.Word)),
        new("noon", "12:00"), new("midnight", "00:00"), new("TIME to TIME2", "TIME-TIME2"), new("between TIME and TIME2", "during TIME-TIME2"),
        .. EachIs("per 1h", "per hour", "an hour"), .. EachIs("per 24h", "per day", "a day"), .. EachIs("per 1m", "per minute", "a minute"),
        new("when host EVENT", "on host EVENT"), new("when vm EVENT", "on vm EVENT"), .. EachIs("host fails", "host down", "host failure", "host failed"),
        new("hosts ready by", "hosts on by"), new("have NUMBER hosts on at", "have NUMBER hosts on by"),

        new("ATTRIBUTE between NUMBER and NUMBER2", "ATTRIBUTE >= NUMBER and ATTRIBUTE <= NUMBER2"),
        new("NUMBER < ATTRIBUTE < NUMBER2", "ATTRIBUTE > NUMBER and ATTRIBUTE < NUMBER2"),
        new("NUMBER <= ATTRIBUTE <= NUMBER2", "ATTRIBUTE >= NUMBER and ATTRIBUTE <= NUMBER2"),
        .. EachIs(">=", "is at least", "at least"), .. EachIs("<=", "is at most", "at most"),
        .. EachIs(">", "is above", "is over", "is greater than", "is higher than", "is more than", "above", "over", "exceeds", "greater than", "more than", "higher than"),
        .. EachIs("<", "is below", "is under", "is less than", "is lower than", "below", "under", "less than", "lower than"),
        .. EachIs("=", "equals", "is equal to"), new("host.idle >", "host.idle for >"), new("host.idle >=", "host.idle for >="),
        new("host has no vms", "host is empty"), new("host WORD", "host.WORD"), new("vm WORD", "vm.WORD"), new("cluster WORD", "cluster.WORD"),
        new("[ WORD ]", "[ \"WORD\" ]"),
        new("for more than NUMBER", "for NUMBER"), new("for at least NUMBER", "for NUMBER"), new("for over NUMBER", "for NUMBER"), new("during DURATION", "for DURATION"),

        .. EachIs("migrate", "move"), new("migrate heaviest", "evacuate heaviest"), new("migrate lightest", "evacuate lightest"),
        new("migrate vm NAME from host NAME2 to host NAME3", "migrate vm NAME to host NAME3"), new("migrate vm NAME from NAME2 to NAME3", "migrate vm NAME to host NAME3"),
        new("migrate vm NAME to NAME2", "migrate vm NAME to host NAME2"), new("migrate NAME to host NAME2", "migrate vm NAME to host NAME2"),
        new("migrate NAME to NAME2", "migrate vm NAME to host NAME2"),
        new("evacuate NUMBER vms", "evacuate NUMBER heaviest vms"), new("evacuate heaviest", "evacuate heaviest vm"), new("evacuate lightest", "evacuate lightest vm"),
        new("least loaded host", "coolest host"), new("most loaded host", "fullest host"),
        .. EachIs("power off", "poweroff", "turn off", "switch off"), .. EachIs("power on", "poweron", "turn on", "switch on", "wake"),
        .. EachIs("power off idle hosts", "shutdown idle hosts", "shut down idle hosts", "power off all idle hosts", "power off empty hosts", "power off hosts"),
        new("shutdown", "shut down"),
        .. EachIs("spare", "host spare", "hosts spare"), new("keep NUMBER spare", "keeping NUMBER spare"),
        new("balance hosts", "balance"), new("balance cpu", "balance by cpu"), new("balance memory", "balance by memory"), new("within NUMBER", "to within NUMBER"),
        new("notify NAME TEXT", "notify TEXT via NAME"), .. EachIs("notify TEXT", "email TEXT", "mail TEXT", "alert TEXT", "send TEXT"), new("run TEXT", "run hook TEXT"),
        new("with cooldown", "cooldown"), new("at most NUMBER per", "at most NUMBER moves per"),
        .. EachIs("moves", "vms", "migrations"),

        .. EachIs("always keep NUMBER hosts on", "keep NUMBER hosts on", "keep at least NUMBER hosts on", "always keep at least NUMBER hosts on"),
        .. EachIs("always keep NUMBER host on", "keep NUMBER host on", "keep at least NUMBER host on", "always keep at least NUMBER host on"),
        new("never move", "never migrate"), new("never shut down", "never power off"),
        new("never migrate NAME", "never migrate vm NAME"), new("never power off NAME", "never power off host NAME"),
        .. EachIs("tagged", "with tag", "with tags", "where tagged"), .. EachIs("named", "where named"),
        .. Kept("apart"), .. Kept("together"),
        new("for cluster", "in cluster"), new("in NAME", "in cluster NAME"),

        .. EachIs("and ACTION", "and then ACTION", "then ACTION", ", ACTION"), new(", ATTRIBUTE", "and ATTRIBUTE"), .. EachIs("then", ",", ":", "do"), new(":", "="), new("and", ","),
        new("NAME", ", NAME"), new("NUMBER", ", NUMBER"), new("DAY", ", DAY"), .. EachIs("", ":", "the", "a", "of"),
    ];

    /// <summary>Words of the longest.</summary>
    public static readonly int Longest = All.Max(s => s.Length);

    private static readonly ImmutableArray<Slip> OfKinds = [.. All.Where(s => s.BeginsWithKind)];

    private static readonly ILookup<string, Slip> ByFirst = All.ToLookup(s => s.First, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that these tokens can be the beginning of, the most likely first.</summary>
    public static IEnumerable<Slip> From(SyntaxToken token) => ByFirst[token.Text].Concat(OfKinds.Where(s => s.Matches(0, token)));

    /// <summary>Whether a word is often written for one that begins a sentence.</summary>
    public static bool BeginsSentence(SyntaxToken token) => token.Kind == TokenKind.Word && ByFirst[token.Text].Any(s => s.BeginsSentence);

    private static IEnumerable<Slip> EachIs(string said, params string[] written) => written.Select(w => new Slip(w, said));

    private static IEnumerable<Slip> Kept(string how) =>
    [
        .. EachIs($"keep {how} vms NAME, NAME2", $"keep NAME and NAME2 {how}", $"keep NAME, NAME2 {how}", $"keep vms NAME and NAME2 {how}", $"keep vms NAME, NAME2 {how}"),
        new($"keep vms tagged TEXT {how}", $"keep {how} vms tagged TEXT"),
    ];
}
