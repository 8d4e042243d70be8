using System.Collections.Frozen;
using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// The one place that names the words of the language. The grammar is built from these constants, misspelt words are compared
/// with them, and a test holds <c>grammar/ulm.ebnf</c> to them.
/// </summary>
public static partial class Vocabulary
{
    internal const string Policy = "policy", When = "when", At = "at", Every = "every", Let = "let", Never = "never", Always = "always",
        TimeZone = "timezone";
    internal const string For = "for", Then = "then", And = "and", Or = "or", Not = "not", Until = "until", Cooldown = "cooldown";
    internal const string Evacuate = "evacuate", Heaviest = "heaviest", Fitting = "fitting", Vm = "vm", By = "by", Cpu = "cpu", Memory = "memory",
        Balance = "balance", To = "to", Within = "within", Consolidate = "consolidate", Power = "power", Host = "host", Keeping = "keeping",
        Spare = "spare";
    internal const string Migrate = "migrate", Named = "named", Tagged = "tagged", Keep = "keep", In = "in", Cluster = "cluster";
    internal const string Prefer = "prefer", Apart = "apart", Together = "together", Reserve = "reserve", Limit = "limit",
        Migrations = "migrations", Total = "total", Cycles = "cycles", Overcommit = "overcommit";

    // `cooldown` begins a constraint too, but only before `vm`: elsewhere it ends a rule.
    private static readonly ImmutableArray<string> ConstraintStarters = [Keep, Prefer, Reserve, Limit, Overcommit];

    private static readonly ImmutableArray<string> ConstraintWords = [Apart, Together, Migrations, Total, Cycles];

    private static readonly ImmutableArray<string> TestWords = [Site, Start, Expect, Nothing, Pending, Fires, Refused, Times, Missed];

    /// <summary>The words that begin a sentence; where they can also stand within one, <see cref="SentenceSplitter"/> tells which it is.</summary>
    public static readonly ImmutableArray<string> SentenceStarters =
        [Policy, When, At, Every, Cron, On, Have, Let, Hosts, Calendar, Never, Always, TimeZone, .. ConstraintStarters, Test];

    internal static readonly ImmutableArray<string> TriggerStarters = [When, At, Every, Cron, On, Have];

    internal static readonly ImmutableArray<string> GuardStarters = [In, Where, During, Unless];

    internal static readonly ImmutableArray<string> ActionStarters =
        [Evacuate, Drain, Balance, Consolidate, Power, Suspend, Shut, Enter, Leave, Migrate, Notify, Run];

    private static readonly ImmutableArray<string> ActionWords =
    [
        Heaviest, Lightest, Fitting, Cpu, Memory, Network, Coolest, Fullest, Within, Keeping, Spare, Least, Below, Down, Via, Hook,
    ];

    internal static readonly ImmutableArray<(string Word, DaysOfWeek Days)> Days =
    [
        ("daily", DaysOfWeek.Daily), ("weekdays", DaysOfWeek.Weekdays), ("weekends", DaysOfWeek.Weekends),
        ("monday", DaysOfWeek.Monday), ("tuesday", DaysOfWeek.Tuesday), ("wednesday", DaysOfWeek.Wednesday),
        ("thursday", DaysOfWeek.Thursday), ("friday", DaysOfWeek.Friday), ("saturday", DaysOfWeek.Saturday), ("sunday", DaysOfWeek.Sunday),
    ];

    internal static readonly ImmutableArray<(string Word, DayOfWeek Day)> Weekdays =
    [
        ("monday", DayOfWeek.Monday), ("tuesday", DayOfWeek.Tuesday), ("wednesday", DayOfWeek.Wednesday), ("thursday", DayOfWeek.Thursday),
        ("friday", DayOfWeek.Friday), ("saturday", DayOfWeek.Saturday), ("sunday", DayOfWeek.Sunday),
    ];

    /// <summary>Which of a month's days of one kind; -1 is the last.</summary>
    internal static readonly ImmutableArray<(string Word, int Number)> Ordinals =
        [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5), (Last, -1)];

    internal static readonly ImmutableArray<(string Word, HostCondition State)> HostStates =
    [
        (Idle, HostCondition.Idle), (Empty, HostCondition.Empty), (On, HostCondition.On), (Off, HostCondition.Off),
        (Draining, HostCondition.Draining), ($"{In} {Maintenance}", HostCondition.InMaintenance),
    ];

    internal static readonly ImmutableArray<(string Word, TimeFunction Function)> TimeFunctions =
    [
        ("avg", TimeFunction.Avg), ("min", TimeFunction.Min), ("max", TimeFunction.Max), ("p95", TimeFunction.P95),
        ("rate", TimeFunction.Rate), ("forecast", TimeFunction.Forecast),
    ];

    internal static readonly ImmutableArray<(string Kind, string Word, SubjectEvent Event)> Events =
    [
        (Host, Joins, SubjectEvent.HostJoins), (Host, Leaves, SubjectEvent.HostLeaves), (Host, Fails, SubjectEvent.HostFails),
        (Host, Returns, SubjectEvent.HostReturns), (Vm, Starts, SubjectEvent.VmStarts), (Vm, Stops, SubjectEvent.VmStops),
    ];

    internal static readonly ImmutableArray<(string Word, SubjectKind Kind)> Subjects =
        [(Host, SubjectKind.Host), (Vm, SubjectKind.Vm), (Cluster, SubjectKind.Cluster)];

    internal static readonly ImmutableArray<(string Word, RuleMode Mode)> Modes =
        [(Observe, RuleMode.Observe), (Recommend, RuleMode.Recommend), (Enforce, RuleMode.Enforce)];

    /// <summary>Every keyword of the language as it stands.</summary>
    public static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
    [
        .. SentenceStarters, For, Then, And, Or, Not, Until, Cooldown,
        Tagged, Named, In, Cluster, Is, Idle, Empty, Off, Draining, Maintenance, Any, All, Count, Of, Vm, Vms, Host, HostIdle,
        .. TimeFunctions.Select(f => f.Word),
        .. Days.Select(d => d.Word), .. Ordinals.Select(o => o.Word), Day, Month, Except, Between, By, .. Events.Select(e => e.Word),
        .. GuardStarters, To, File,
        Per, Most, Moves, Move, Priority, Mode, .. Modes.Select(m => m.Word), Because,
        .. ActionStarters, .. ActionWords, .. ConstraintWords, .. TestWords,
    ], StringComparer.Ordinal);

    /// <summary>The words that mean something inside a condition or end one, and so can't be the name of a definition.</summary>
    internal static readonly FrozenSet<string> ReservedInConditions = FrozenSet.ToFrozenSet(
    [
        Policy, When, At, Every, Let, Never, Always, TimeZone, And, Or, Not, For, Then, Until, Cooldown,
        Host, Vm, Cluster, Tagged, Named, Is, Any, All, Count, .. GuardStarters, HostIdle,
    ], StringComparer.Ordinal);

    internal const string OpenParenthesis = "(", CloseParenthesis = ")", Comma = ",", OpenBracket = "[", CloseBracket = "]";

    internal static readonly ImmutableArray<(string Sign, ComparisonOperator Operator)> Comparisons =
    [
        ("<", ComparisonOperator.Less), ("<=", ComparisonOperator.LessOrEqual), (">", ComparisonOperator.Greater),
        (">=", ComparisonOperator.GreaterOrEqual), ("=", ComparisonOperator.Equal), ("!=", ComparisonOperator.NotEqual),
    ];

    /// <summary>Every sign of the language.</summary>
    public static readonly ImmutableArray<string> Signs =
        [OpenParenthesis, CloseParenthesis, Comma, OpenBracket, CloseBracket, OpenBrace, CloseBrace, Colon, .. Comparisons.Select(c => c.Sign)];

    /// <summary>Everything a condition can read that has a name of its own.</summary>
    public static ImmutableArray<string> Attributes => [.. PolicyAttribute.All.Select(a => a.Name)];
}
