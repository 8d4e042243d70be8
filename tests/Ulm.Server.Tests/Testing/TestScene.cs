using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Server.Policies;
using Ulm.Server.Testing;

namespace Ulm.Server.Tests.Testing;

/// <summary>Policies with one test, on the site of three hosts of which h1 is loaded.</summary>
internal sealed record TestScene(string Policies)
{
    private TestScene(TestScene other)
    {
        (Policies, SiteFile, Start) = (other.Policies, other.SiteFile, other.Start);
        (_series, _events, _expectations) = ([.. other._series], [.. other._events], [.. other._expectations]);
    }

    public const string Relieve = "policy relieve when host.cpu > 75% for 10m then evacuate heaviest fitting vm";
    public const string Site = "three-hosts.site.json";

    private readonly List<TestSeries> _series = [];
    private readonly List<TestEvent> _events = [];
    private readonly List<TestExpectation> _expectations = [];

    public string SiteFile { get; init; } = Site;

    public DateTime? Start { get; init; }

    public TestScene Series(string subject, PolicyAttribute attribute, params (double? Value, int Times)[] values)
    {
        _series.Add(new TestSeries(subject, attribute, [.. values.SelectMany(v => Enumerable.Repeat(v.Value, v.Times))], "", Here(2)));
        return this;
    }

    public TestScene Event(int minute, SubjectEvent what, string subject)
    {
        _events.Add(new TestEvent(TimeSpan.FromMinutes(minute), what, subject, $"at {minute}m {subject} {what}", Here(3)));
        return this;
    }

    public TestScene Expect(int? minute, Expected what)
    {
        _expectations.Add(new TestExpectation(minute is { } m ? TimeSpan.FromMinutes(m) : null, what, $"{(minute is null ? "never" : $"at {minute}m")} expect {Words(what)}", Here(4 + _expectations.Count)));
        return this;
    }

    public TestResults Results()
    {
        // Beside the sample site, where its own site is looked for.
        var source = new SourceText(Path.Combine(AppContext.BaseDirectory, "Data", "scene.ulm"), Policies + "\n" + string.Concat(Enumerable.Repeat($"{SiteFile} h1 h2 h3 web1 web9 h9\n", 9)));
        var compiled = PolicyCompiler.Compile([source with { Text = Policies }]);
        Assert.Empty(compiled.Diagnostics.Where(d => d.Severity == Dsl.Diagnostics.DiagnosticSeverity.Error));
        var test = new PolicyTest("a test", SiteFile, [.. _series], [.. _events], [.. _expectations], Here(1)) { Start = Start };
        return PolicyTests.Run(new PolicyFiles([source], new CompilationResult(compiled.Policies with { Tests = [test] }, [])), TimeZoneInfo.Utc, TestContext.Current.CancellationToken);
    }

    public TestOutcome Outcome()
    {
        var results = Results();
        Assert.Empty(results.Faults.Select(f => f.ToString()));
        return Assert.Single(results.Outcomes);
    }

    private static string Words(Expected what) => what is Expected.Step step ? step.Kind.ToString().ToLowerInvariant() : what.GetType().Name.ToLowerInvariant();

    private static SourceLocation Here(int line) => new(Path.Combine(AppContext.BaseDirectory, "Data", "scene.ulm"), line, 1);
}
