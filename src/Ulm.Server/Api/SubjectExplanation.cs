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
    /// <param name="nextTime">Of a scheduled rule.</param>
    public static SubjectExplanation Of(RuleExplanation explained, DateTimeOffset at, DateTimeOffset? nextTime) => new(
        explained.Subject?.ToString(),
        explained.State.ToString().ToLowerInvariant(),
        explained.Since,
        explained.DueAt ?? nextTime,
        explained.CoolUntil,
        explained.CountsFrom,
        Word(explained.Verdict),
        explained.Condition is { } condition ? [.. Flat(condition, at, 0)] : [],
        explained.Until is { } until ? [.. Flat(until, at, 0)] : [],
        [.. explained.Guards.Select(g => new ExplainedGuard(g.ToString(), g.Open))],
        explained.HeldBackBy?.ToString(),
        explained.Needed);

    private static IEnumerable<ExplainedPart> Flat(Finding finding, DateTimeOffset at, int depth)
    {
        var (text, parts) = finding switch
        {
            Finding.All all => ("all of", all.Parts),
            Finding.AnyOf any => ("any of", any.Parts),
            Finding.Not not => ("not", [not.Part]),
            _ => (finding.ToString(), ImmutableArray<Finding>.Empty),
        };
        return parts.SelectMany(p => Flat(p, at, depth + 1)).Prepend(new ExplainedPart(depth, text, Word(finding.Verdict), AgeOf(finding, at)?.TotalSeconds));
    }

    /// <summary>Of the older of the values that a part reads; null: it reads none, or none is known.</summary>
    private static TimeSpan? AgeOf(Finding finding, DateTimeOffset at) => finding switch
    {
        Finding.Comparison comparison => new[] { comparison.Left.Reading, comparison.Right.Reading }.Where(r => r is { IsKnown: true }).Select(r => (TimeSpan?)(at - r!.Value.At)).Max(),
        Finding.Answer { Reading.IsKnown: true } answer => at - answer.Reading.At,
        _ => null,
    };

    private static string Word(Truth truth) => truth.ToString().ToLowerInvariant();
}

/// <param name="Depth">0: the whole condition; a part of the one above that has a lesser depth.</param>
/// <param name="Text">With its values: <c>host.cpu = 81% &gt; 75%</c>.</param>
/// <param name="AgeSeconds">How long ago its values were measured.</param>
public sealed record ExplainedPart(int Depth, string Text, string Verdict, double? AgeSeconds);

/// <param name="Open">False: it holds the rule back.</param>
public sealed record ExplainedGuard(string Text, bool Open);
