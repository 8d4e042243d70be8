using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>A <c>test "..." { ... }</c> sentence: a site, what it measures from minute to minute, and what is to come of it.</summary>
/// <param name="Site">Path of a site snapshot, as written: relative to the file that holds the sentence.</param>
public sealed record PolicyTest(
    string Name, string Site, ImmutableArray<TestSeries> Series, ImmutableArray<TestEvent> Events, ImmutableArray<TestExpectation> Expectations, SourceLocation Location)
{
    /// <summary>Local time at which the test begins, from <c>start 2026-01-05 19:30</c>. Null: 2026-01-05 (a Monday) 00:00.</summary>
    public DateTime? Start { get; init; }
}

/// <summary><c>host h1 cpu: 50% x 10, 90% x 20, _ x 2, 40%</c>: one value a minute: the look at the end of the first minute sees the first, as does the one at the start; the last goes on to the end.</summary>
/// <param name="Values">In the attribute's unit; null: a missed poll.</param>
public sealed record TestSeries(string Subject, PolicyAttribute Attribute, ImmutableArray<double?> Values, string Text, SourceLocation Location);

/// <summary><c>at 5m host h3 fails</c></summary>
public sealed record TestEvent(TimeSpan At, SubjectEvent Event, string Subject, string Text, SourceLocation Location);

/// <summary>What is to be seen at an offset from the start, or at no time at all.</summary>
/// <param name="At">Null: <c>never expect ...</c>.</param>
public sealed record TestExpectation(TimeSpan? At, Expected What, string Text, SourceLocation Location);

/// <summary>What a test expects of the look at one minute.</summary>
public abstract record Expected
{
    private Expected() { }

    /// <summary>No decision at that minute.</summary>
    public sealed record Nothing : Expected;

    /// <summary>That step is planned at that minute. What is null may be anything.</summary>
    public sealed record Step(ExpectedStep Kind, string? Vm, string? Host, string? By) : Expected;

    /// <summary>The rule is pending on the subject, for at least so long.</summary>
    public sealed record Pending(string Rule, string Subject, TimeSpan? For) : Expected;

    /// <summary>The rule fires, on that subject where one is named.</summary>
    public sealed record Fires(string Rule, string? Subject) : Expected;

    /// <summary>A decision of the rule is refused; with that code, where one is named.</summary>
    public sealed record Refused(string? Rule, string? Code) : Expected;
}

public enum ExpectedStep
{
    /// <summary><c>migrate [vm NAME] [to host NAME]</c></summary>
    Migrate,

    /// <summary><c>power off [host NAME]</c></summary>
    PowerOff,
    PowerOn,
    Suspend,
    Drain,
    Notify,
    RunHook,
}
