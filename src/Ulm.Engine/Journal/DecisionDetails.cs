using System.Collections.Immutable;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Journal;

/// <summary>What a decision rested on and what was made of it, kept with its entry so that it can be explained when all else is forgotten.</summary>
/// <param name="Location">Where the rule stands; empty: no rule decided.</param>
/// <param name="Policies">The hash of the policies then in force.</param>
/// <param name="Parts">The rule's condition as it stood, part by part; empty: it waits for a time, or for an event.</param>
/// <param name="Outvoted">Who else wanted to act on the same, and lost: <c>gather on host/h1</c>.</param>
/// <param name="Steps">What was planned.</param>
/// <param name="Refused">What was not, with the numbers.</param>
public sealed record DecisionDetails(
    string Location, string Mode, string Policies, ImmutableArray<FoundPart> Parts, ImmutableArray<string> Outvoted,
    ImmutableArray<DecisionDetails.Step> Steps, ImmutableArray<DecisionDetails.RefusedPart> Refused)
{
    public sealed record Step(int Id, ImmutableArray<int> After, string Text);

    public sealed record RefusedPart(string Code, string Subject, ImmutableArray<string> Why);
}
