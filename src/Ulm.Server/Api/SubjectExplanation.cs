using System.Collections.Immutable;
using Ulm.Engine.Rules;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Server.Api;

/// <summary>How a rule stands with one subject.</summary>
/// <param name="Subject"><c>host/h3</c>; null of a scheduled rule.</param>
/// <param name="State"><c>inactive</c>, <c>pending</c>, <c>firing</c> or <c>cooling</c>.</param>
/// <param name="DueAt">When a pending rule fires if its condition goes on holding; of a scheduled rule its next time.</param>
/// <param name="Verdict">Of the whole condition: <c>true</c>, <c>false</c> or <c>unknown</c>.</param>
/// <param name="Parts">The condition part by part, each under the one it belongs to.</param>
/// <param name="HeldBackBy">The first guard that is in the way; null: none is.</param>
/// <param name="Needed">What would have to change for the rule to fire.</param>
public sealed record SubjectExplanation(
    string? Subject, string State, DateTimeOffset? Since, DateTimeOffset? DueAt, DateTimeOffset? CoolUntil, DateTimeOffset? CountsFrom, string Verdict,
    ImmutableArray<ExplainedPart> Parts, ImmutableArray<ExplainedPart> Until, ImmutableArray<ExplainedGuard> Guards, string? HeldBackBy, ImmutableArray<string> Needed)
{
    /// <summary>Of <c>have N hosts on by TIME</c>: that time; it starts as much earlier as hosts take to boot.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <param name="nextTime">Of a scheduled rule.</param>
    public static SubjectExplanation Of(RuleExplanation explained, DateTimeOffset at, DateTimeOffset? nextTime) => new(
        explained.Subject?.ToString(),
        explained.State.ToString().ToLowerInvariant(),
        explained.Since,
        explained.DueAt ?? nextTime,
        explained.CoolUntil,
        explained.CountsFrom,
        Word(explained.Verdict),
        explained.Condition is { } condition ? [.. Flat(condition, at)] : [],
        explained.Until is { } until ? [.. Flat(until, at)] : [],
        [.. explained.Guards.Select(g => new ExplainedGuard(g.ToString(), g.Open))],
        explained.HeldBackBy?.ToString(),
        explained.Needed);

    private static IEnumerable<ExplainedPart> Flat(Finding finding, DateTimeOffset at) => FoundPart.Of(finding, at).Select(p => new ExplainedPart(p.Depth, p.Text, Word(p.Verdict), p.Age?.TotalSeconds));

    private static string Word(Truth truth) => truth.ToString().ToLowerInvariant();
}

/// <param name="Depth">0: the whole condition; a part of the one above that has a lesser depth.</param>
/// <param name="Text">With its values: <c>host.cpu = 81% &gt; 75%</c>.</param>
/// <param name="AgeSeconds">How long ago its values were measured.</param>
public sealed record ExplainedPart(int Depth, string Text, string Verdict, double? AgeSeconds);

/// <param name="Open">False: it holds the rule back.</param>
public sealed record ExplainedGuard(string Text, bool Open);
