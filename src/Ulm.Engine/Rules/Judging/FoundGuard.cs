using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Judging;

/// <summary>Something beside its condition that decides whether a rule fires, as it stood at one instant.</summary>
/// <param name="Open">False: it holds the rule back.</param>
public abstract record FoundGuard(bool Open)
{
    /// <summary>For people: the guard with what makes it open or not.</summary>
    public abstract override string ToString();

    /// <summary><c>in cluster NAME</c></summary>
    public sealed record InCluster(string Cluster, bool Open) : FoundGuard(Open)
    {
        public override string ToString() => Open ? $"in cluster {Cluster}" : $"not in cluster {Cluster}, which the rule is about";
    }

    /// <summary><c>where COND</c></summary>
    public sealed record Where(Finding Finding) : FoundGuard(Finding.Verdict == Truth.True)
    {
        public override string ToString() => $"where {Finding}";
    }

    /// <summary><c>during ...</c></summary>
    public sealed record During(ImmutableArray<TimeWindow> Windows, DateTime Local, bool Open) : FoundGuard(Open)
    {
        public override string ToString() => $"{(Open ? "within" : "outside")} {string.Join(" and ", Windows.Select(w => w.Text))} at {Local:HH:mm:ss}";
    }

    /// <summary><c>unless COND</c></summary>
    public sealed record Unless(Finding Finding) : FoundGuard(Finding.Verdict == Truth.False)
    {
        public override string ToString() => $"unless {Finding}";
    }

    /// <summary>The cooldown of an earlier firing for the same subject, or for one of the same host or cluster.</summary>
    /// <param name="Of">Null: of a scheduled rule.</param>
    public sealed record Cooldown(SubjectRef? Of, DateTimeOffset Until, TimeSpan Left) : FoundGuard(false)
    {
        public override string ToString() => $"cooling down{(Of is { } of ? $" for {of}" : "")} for another {Show.Duration(Left)}";
    }

    /// <summary>The subject is being acted on, or nothing may be done yet.</summary>
    public sealed record ActedOn(string Doing) : FoundGuard(false)
    {
        public override string ToString() => Doing;
    }
}
