using System.Text.Json;
using Ulm.Engine.Journal;

namespace Ulm.Server.Store;

/// <summary>A journal entry as it stands in its table.</summary>
internal sealed class JournalRow
{
    public const string Insert =
        """
        insert into journal (at, kind, text, decision, rule, subject, step, outcome, why, author, details)
        values (@At, @Kind, @Text, @Decision, @Rule, @Subject, @Step, @Outcome, @Why, @Author, @Details) returning seq
        """;

    public const string SelectNewest = "select * from journal where seq > @after order by seq desc limit @newest";

    /// <summary>Keeps count of steps that are begun and not over, so that a start need not look for them among all that ever were.</summary>
    public const string OpenStep = "insert or replace into open_step (step, seq) values (@Step, @Seq)";

    public const string CloseStep = "delete from open_step where step = @Step";

    /// <summary>Begun steps whose end or refusal is not there.</summary>
    public const string SelectUnfinished = "select j.* from open_step o join journal j on j.seq = o.seq order by j.seq";

    public const string SelectBegun = "select * from journal where kind = 'Begun' and at >= @since order by seq";

    /// <summary>Hosts that were powered on and answered, with the ticks that it took.</summary>
    public const string SelectBoots =
        """
        select substr(b.subject, 6) as Host, e.at - b.at as Took from journal e join journal b on b.step = e.step and b.kind = 'Begun'
        where e.kind = 'Ended' and e.outcome = 'succeeded' and b.text >= 'power on host ' and b.text < 'power on host!' order by e.seq desc limit @newest
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
        Why = Why is null ? [] : [.. JsonSerializer.Deserialize<string[]>(Why)!],
    };
}
