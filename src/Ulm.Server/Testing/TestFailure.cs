using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Server.Testing;

/// <summary>An expectation that was not met, with all that helps to see why.</summary>
/// <param name="Minute">At which it was looked for, or at which it was seen although it never should be.</param>
/// <param name="Instead">What was decided at that minute, one line each.</param>
/// <param name="Why">Why the rule in question did not fire, or did, one line each.</param>
/// <param name="Charts">The series around the minute.</param>
internal sealed record TestFailure(
    TestExpectation Expectation, int Minute, ImmutableArray<string> Instead, ImmutableArray<string> Why, ImmutableArray<SeriesChart> Charts);

/// <summary>How a test went.</summary>
/// <param name="Broken">Safety rules and constraints that did not hold at some time of the run.</param>
/// <param name="Fired">Names of the rules that fired, outvoted or not.</param>
internal sealed record TestOutcome(PolicyTest Test, ImmutableArray<TestFailure> Failures, ImmutableArray<string> Broken, ImmutableHashSet<string> Fired)
{
    public bool Passed => Failures.IsEmpty && Broken.IsEmpty;
}
