namespace Ulm.Engine.Journal;

/// <summary>Which entries of the journal are wanted. What is null asks for nothing.</summary>
/// <param name="Limit">At most so many: the newest of those that are meant, or the oldest of them where <see cref="After"/> is given.</param>
public sealed record JournalQuery(int Limit)
{
    /// <summary>Only entries with a higher sequence number, the oldest of them first and counted from the oldest: how one goes on reading.</summary>
    public long? After { get; init; }

    public string? Decision { get; init; }

    public string? Rule { get; init; }

    /// <summary><c>host/h1</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>From then on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before then.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool Asks(JournalEntry entry) =>
        (After is null || entry.Sequence > After) && (Decision is null || entry.Decision == Decision) && (Rule is null || entry.Rule == Rule)
        && (Subject is null || entry.Subject == Subject) && (Since is null || entry.At >= Since) && (Until is null || entry.At < Until);
}
