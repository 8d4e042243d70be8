using System.Collections.Immutable;

namespace Ulm.Engine.Rules.Judging;

/// <summary>A part of a condition as it stood, in a list that shows which belongs to which.</summary>
/// <param name="Depth">0: the whole condition; a part of the one above that has a lesser depth.</param>
/// <param name="Text">With its values: <c>host.cpu = 81% &gt; 75%</c>.</param>
/// <param name="Age">How long ago its values were measured, of the older of them; null: it reads none, or none is known.</param>
public sealed record FoundPart(int Depth, string Text, Truth Verdict, TimeSpan? Age)
{
    public static IEnumerable<FoundPart> Of(Finding finding, DateTimeOffset at, int depth = 0)
    {
        var (text, parts) = finding switch
        {
            Finding.All all => ("all of", all.Parts),
            Finding.AnyOf any => ("any of", any.Parts),
            Finding.Not not => ("not", [not.Part]),
            _ => (finding.ToString(), ImmutableArray<Finding>.Empty),
        };
        return parts.SelectMany(p => Of(p, at, depth + 1)).Prepend(new FoundPart(depth, text, finding.Verdict, AgeOf(finding, at)));
    }

    private static TimeSpan? AgeOf(Finding finding, DateTimeOffset at) => finding switch
    {
        Finding.Comparison comparison => new[] { comparison.Left.Reading, comparison.Right.Reading }.Where(r => r is { IsKnown: true }).Select(r => (TimeSpan?)(at - r!.Value.At)).Max(),
        Finding.Answer { Reading.IsKnown: true } answer => at - answer.Reading.At,
        _ => null,
    };
}
