using System.Text.Json;
using Ulm.Engine.Journal;

namespace Ulm.Server.Store;

/// <summary>A journal entry as it stands in its table.</summary>
internal sealed class JournalRow
{
    public const string Insert =
        """
        insert into journal (at, kind, text, decision, rule, subject, step, outcome, why)
        values (@At, @Kind, @Text, @Decision, @Rule, @Subject, @Step, @Outcome, @Why) returning seq
        """;

    public const string SelectNewest = "select * from journal where seq > @after order by seq desc limit @newest";

    /// <summary>Begun steps whose end or refusal is not there.</summary>
    public const string SelectUnfinished =
        """
        select * from journal b where b.kind = 'Begun'
        and not exists (select 1 from journal e where e.step = b.step and e.seq > b.seq and e.kind in ('Ended', 'Refusal') and e.outcome is not 'in doubt')
        order by seq
        """;

    public const string SelectBegun = "select * from journal where kind = 'Begun' and at >= @since order by seq";

    /// <summary>Hosts that were powered on and answered, with the ticks that it took.</summary>
    public const string SelectBoots =
        """
        select substr(b.subject, 6) as Host, e.at - b.at as Took from journal e join journal b on b.step = e.step and b.kind = 'Begun'
        where e.kind = 'Ended' and e.outcome = 'succeeded' and b.text like 'power on host %' order by e.seq desc limit @newest
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
    };

    public JournalEntry ToEntry() => new(Ticks.ToTime(At), Enum.Parse<JournalKind>(Kind), Text)
    {
        Sequence = Seq,
        Decision = Decision,
        Rule = Rule,
        Subject = Subject,
        Step = Step,
        Outcome = Outcome,
        Why = Why is null ? [] : [.. JsonSerializer.Deserialize<string[]>(Why)!],
    };
}
