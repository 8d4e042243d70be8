using System.Collections.Immutable;

namespace Ulm.Server.Testing;

/// <summary>Results as <c>test --format json</c> writes them: <c>ulm.test/1</c>.</summary>
internal sealed record TestDocument(
    string Schema, int Passed, int Failed, ImmutableArray<TestDocument.Test> Tests, ImmutableArray<TestDocument.Place> NotExercised, ImmutableArray<TestDocument.Fault> Faults)
{
    public static TestDocument Of(TestResults results) => new(
        "ulm.test/1",
        results.Outcomes.Length - results.Failed,
        results.Failed,
        [.. results.Outcomes.Select(o => new Test(
            o.Test.Name, o.Test.Location.File, o.Test.Location.Line, o.Passed,
            [.. o.Failures.Select(f => new Failure(f.Expectation.Text, f.Expectation.Location.Line, f.Minute, f.Instead, f.Why, [.. f.Charts.Select(c => new Series(c.Title, c.Letters, c.Value))]))],
            o.Broken))],
        [.. results.NotExercised.Select(r => new Place(r.Name, r.Location.File, r.Location.Line))],
        [.. results.Faults.Select(Fault.Of)]);

    /// <param name="Violations">Safety rules and constraints that did not hold.</param>
    internal sealed record Test(string Name, string File, int Line, bool Passed, ImmutableArray<Failure> Failures, ImmutableArray<string> Violations);

    /// <param name="Minute">From the start of the test.</param>
    internal sealed record Failure(string Expected, int Line, int Minute, ImmutableArray<string> Instead, ImmutableArray<string> Why, ImmutableArray<Series> Series);

    /// <param name="Value">At the minute of the failure.</param>
    internal sealed record Series(string Title, string Chart, string Value);

    internal sealed record Place(string Rule, string File, int Line);

    /// <param name="Test">The name of the test that was not run.</param>
    internal sealed record Fault(string Test, string Code, string Message, string File, int Line, int Column, string? Help)
    {
        public static Fault Of(TestFault fault) => new(
            fault.Test.Name, fault.Fault.Code, fault.Fault.Message, fault.Fault.SourceFile, fault.Fault.Line, fault.Fault.Column, fault.Fault.Help);
    }
}
