using System.Text.Json;
using System.Text.Json.Serialization;
using Ulm.Engine.Journal;

namespace Ulm.Server.Store;

/// <summary>A journal entry as it stands in its table.</summary>
internal sealed class JournalRow
{
    private static readonly JsonSerializerOptions Named = new() { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public const string Insert =
        """
        insert into journal (at, kind, text, decision, rule, subject, step, outcome, why, author, details, begins)
        values (@At, @Kind, @Text, @Decision, @Rule, @Subject, @Step, @Outcome, @Why, @Author, @Details, @Begins) returning seq
        """;

    public const string SelectNewest = "select * from journal where seq > @after order by seq desc limit @newest";

    /// <summary>Each answered by one index, in its order: by decision, by rule or subject and time, by time, by sequence.</summary>
    public static string Select(JournalQuery query)
    {
        string?[] asks =
        [
            query.After is null ? null : "seq > @After",
            query.Decision is null ? null : "decision = @Decision",
            query.Rule is null ? null : "rule = @Rule",
            query.Subject is null ? null : "subject = @Subject",
            query.Since is null ? null : "at >= @Since",
            query.Until is null ? null : "at < @Until",
        ];
        var where = string.Join(" and ", asks.OfType<string>());
        var byTime = query.Rule is not null || query.Subject is not null || query.Since is not null || query.Until is not null;
        var order = query.After is not null ? "seq" : byTime ? "at desc, seq desc" : "seq desc";
        return $"select * from journal {(where.Length == 0 ? "" : $"where {where}")} order by {order} limit @Limit";
    }

    /// <summary>Keeps count of steps that are begun and not over, so that a start need not look for them among all that ever were.</summary>
    public const string OpenStep = "insert or replace into open_step (step, seq) values (@Step, @Seq)";

    public const string CloseStep = "delete from open_step where step = @Step";

    public const string Prune =
        "delete from journal where seq in (select seq from journal where at < @before and (step is null or step not in (select step from open_step)) order by at limit @most)";

    /// <summary>Begun steps whose end or refusal is not there.</summary>
    public const string SelectUnfinished = "select j.* from open_step o join journal j on j.seq = o.seq order by j.seq";

    public const string SelectBegun = "select * from journal where kind = 'Begun' and at >= @since order by at, seq";

    public const string SelectEndedOnVms = "select * from journal where kind = 'Ended' and at >= @since and subject >= 'vm/' and subject < 'vm0' order by at, seq";

    /// <summary>Hosts that were powered on and answered, with the ticks that it took. The cross join keeps SQLite from beginning with all that ever ended.</summary>
    public const string SelectBoots =
        """
        select substr(b.subject, 6) as Host, e.at - b.at as Took from journal b cross join journal e on e.step = b.step and e.kind = 'Ended' and e.outcome = 'succeeded'
        where b.begins ->> 'Kind' = 'PowerOn' order by e.seq desc limit @newest
        """;

    public long Seq { get; init; }

    public long At { get; init; }

    public string Kind { get; init; } = "";

    public string Text { get; init; } = "";

    public string? Decision { get; init; }

    public string? Rule { get; init; }

    public string? Subject { get; init; }

    public string? Step { get; init; }

    public string? Outcome { get; init; }

    public string? Why { get; init; }

    public string? Author { get; init; }

    public string? Details { get; init; }

    public string? Begins { get; init; }

    /// <summary>What an entry does to the count of open steps; null: nothing.</summary>
    public static string? Counts(JournalEntry entry) => entry switch
    {
        { Step: null } => null,
        { Kind: JournalKind.Begun } => OpenStep,
        { Kind: JournalKind.Ended or JournalKind.Refusal, Outcome: not "in doubt" } => CloseStep,
        _ => null,
    };

    public static JournalRow Of(JournalEntry entry) => new()
    {
        At = entry.At.UtcTicks,
        Kind = entry.Kind.ToString(),
        Text = entry.Text,
        Decision = entry.Decision,
        Rule = entry.Rule,
        Subject = entry.Subject,
        Step = entry.Step,
        Outcome = entry.Outcome,
        Why = entry.Why.IsEmpty ? null : JsonSerializer.Serialize(entry.Why),
        Author = entry.By,
        Details = entry.Details is { } details ? JsonSerializer.Serialize(details) : null,
        Begins = entry.Begins is { } begins ? JsonSerializer.Serialize(begins, Named) : null,
    };

    public JournalEntry ToEntry() => new(Ticks.ToTime(At), Enum.Parse<JournalKind>(Kind), Text)
    {
        Sequence = Seq,
        Decision = Decision,
        Rule = Rule,
        Subject = Subject,
        Step = Step,
        Outcome = Outcome,
        By = Author,
        Details = Details is null ? null : JsonSerializer.Deserialize<DecisionDetails>(Details),
        Begins = Begins is null ? null : JsonSerializer.Deserialize<BegunStep>(Begins, Named),
        Why = Why is null ? [] : [.. JsonSerializer.Deserialize<string[]>(Why)!],
    };
}
