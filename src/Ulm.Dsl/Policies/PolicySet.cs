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
}

/// <summary>One rule.</summary>
/// <param name="Name">From <c>policy NAME</c>, else <c>file.ulm:LINE</c>. Unique in the set.</param>
/// <param name="Fingerprint">
/// Two rules with the same name and the same fingerprint mean the same: the words of the sentence after <c>let</c> names are
/// replaced, without comments and layout. A reloaded rule keeps its clocks exactly when its fingerprint did not change.
/// </param>
/// <param name="Until">The second mark of a <c>when</c> rule: it may fire again only once this held. Null: once the condition was false.</param>
/// <param name="Cooldown">After a firing, the same subject does not fire for this long. Null: none.</param>
public sealed record Rule(
    string Name,
    string Fingerprint,
    SourceLocation Location,
    Trigger Trigger,
    ImmutableArray<PolicyAction> Actions,
    Condition? Until,
    TimeSpan? Cooldown);

/// <summary>Where something stands in a policy file; line and column count from 1.</summary>
public sealed record SourceLocation(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
