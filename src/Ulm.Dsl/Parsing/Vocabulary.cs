using System.Collections.Frozen;
using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// The one place that names the words of the language. The grammar is built from these constants, misspelt words are compared
/// with them, and a test holds <c>grammar/ulm.ebnf</c> to them.
/// </summary>
public static class Vocabulary
{
    internal const string Policy = "policy", When = "when", At = "at", Every = "every", Let = "let", Never = "never", Always = "always",
        TimeZone = "timezone";
    internal const string For = "for", Then = "then", And = "and", Or = "or", Not = "not", Until = "until", Cooldown = "cooldown";
    internal const string Evacuate = "evacuate", Heaviest = "heaviest", Fitting = "fitting", Vm = "vm", By = "by", Cpu = "cpu", Memory = "memory",
        Balance = "balance", To = "to", Within = "within", Consolidate = "consolidate", Power = "power", Off = "off", On = "on",
        Idle = "idle", Hosts = "hosts", Host = "host", Keeping = "keeping", Spare = "spare";
    internal const string Migrate = "migrate", Named = "named", Tagged = "tagged", Keep = "keep", In = "in", Cluster = "cluster";
    internal const string Prefer = "prefer", Apart = "apart", Together = "together", Vms = "vms", Reserve = "reserve", Limit = "limit",
        Migrations = "migrations", Per = "per", Total = "total", Cycles = "cycles", Overcommit = "overcommit";
    internal const string Daily = "daily", Weekdays = "weekdays", Weekends = "weekends";

    // `cooldown` begins a constraint too, but only before `vm`: elsewhere it ends a rule.
    private static readonly ImmutableArray<string> ConstraintStarters = [Keep, Prefer, Reserve, Limit, Overcommit];

    private static readonly ImmutableArray<string> ConstraintWords = [Apart, Together, Vms, Migrations, Per, Total, Cycles];

    /// <summary>The words that begin a sentence, wherever they stand (but see the splitter for names).</summary>
    public static readonly ImmutableArray<string> SentenceStarters = [Policy, When, At, Every, Let, Never, Always, TimeZone, .. ConstraintStarters];

    internal static readonly ImmutableArray<string> TriggerStarters = [When, At, Every];

    internal static readonly ImmutableArray<string> ActionStarters = [Evacuate, Balance, Consolidate, Power];

    internal static readonly ImmutableArray<(string Word, DaysOfWeek Days)> Days =
    [
        (Daily, DaysOfWeek.Daily), (Weekdays, DaysOfWeek.Weekdays), (Weekends, DaysOfWeek.Weekends),
        ("monday", DaysOfWeek.Monday), ("tuesday", DaysOfWeek.Tuesday), ("wednesday", DaysOfWeek.Wednesday),
        ("thursday", DaysOfWeek.Thursday), ("friday", DaysOfWeek.Friday), ("saturday", DaysOfWeek.Saturday), ("sunday", DaysOfWeek.Sunday),
    ];

    /// <summary>Every keyword of the language as it stands.</summary>
    public static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
    [
        .. SentenceStarters, For, Then, And, Or, Not, Until, Cooldown,
        Evacuate, Heaviest, Fitting, Vm, By, Cpu, Memory, Balance, To, Within, Consolidate, Power, Off, On, Idle, Hosts, Host, Keeping, Spare,
        Migrate, Named, Tagged, In, Cluster, .. ConstraintWords, .. Days.Select(d => d.Word),
    ], StringComparer.Ordinal);

    /// <summary>The words that mean something inside a condition or end one, and so can't be the name of a definition.</summary>
    internal static readonly FrozenSet<string> ReservedInConditions = FrozenSet.ToFrozenSet(
        [.. SentenceStarters, And, Or, Not, For, Then, Until, Cooldown], StringComparer.Ordinal);

    internal const string OpenParenthesis = "(", CloseParenthesis = ")", Comma = ",";

    internal static readonly ImmutableArray<(string Sign, ComparisonOperator Operator)> Comparisons =
    [
        ("<", ComparisonOperator.Less), ("<=", ComparisonOperator.LessOrEqual), (">", ComparisonOperator.Greater),
        (">=", ComparisonOperator.GreaterOrEqual), ("=", ComparisonOperator.Equal), ("!=", ComparisonOperator.NotEqual),
    ];

    /// <summary>Every sign of the language.</summary>
    public static readonly ImmutableArray<string> Signs =
        [OpenParenthesis, CloseParenthesis, Comma, .. Comparisons.Select(c => c.Sign)];

    /// <summary>Everything a condition can read.</summary>
    public static ImmutableArray<string> Attributes => [.. PolicyAttribute.All.Select(a => a.Name)];
}
