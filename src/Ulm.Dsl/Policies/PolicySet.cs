using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>All sentences of all files of one site, bound and checked. Immutable; safe to share between threads.</summary>
/// <param name="TimeZone">From a <c>timezone</c> sentence; null: the site's own.</param>
public sealed record PolicySet(
    ImmutableArray<Rule> Rules,
    ImmutableArray<StandingConstraint> Constraints,
    TimeZoneInfo? TimeZone)
{
    public static readonly PolicySet Empty = new([], [], null);

    public ImmutableArray<PolicyTest> Tests { get; init; } = [];

    /// <summary>The texts that it was made of.</summary>
    public ImmutableArray<SourceText> Sources { get; init; } = [];

    /// <summary>A short fingerprint of <see cref="Sources"/>; empty where there are none.</summary>
    public string Hash { get; init; } = "";
}

/// <summary>Where something stands in a policy file; line and column count from 1.</summary>
public sealed record SourceLocation(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
