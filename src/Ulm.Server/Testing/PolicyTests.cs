using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Server.Policies;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Testing;

/// <summary>Runs all tests of a policy set side by side; the result does not depend on which ends first.</summary>
internal static class PolicyTests
{
    /// <param name="zone">Of policies that name none.</param>
    public static TestResults Run(PolicyFiles files, TimeZoneInfo zone, CancellationToken ct)
    {
        var policies = files.Result.Policies;
        var texts = files.Sources.ToDictionary(s => s.Name, s => s.Text, StringComparer.Ordinal);
        var sites = new ConcurrentDictionary<string, Lazy<(SiteSnapshot? Snapshot, FileFaults Faults)>>(StringComparer.Ordinal);
        var outcomes = new (TestOutcome? Outcome, ImmutableArray<Diagnostic> Faults)[policies.Tests.Length];
        Parallel.For(0, outcomes.Length, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => outcomes[i] = RunOne(policies.Tests[i]));
        var ran = outcomes.Select(o => o.Outcome).OfType<TestOutcome>().ToImmutableArray();
        var fired = ran.SelectMany(o => o.Fired).ToHashSet(StringComparer.Ordinal);
        return new TestResults(ran, [.. outcomes.SelectMany((o, i) => o.Faults.Select(f => new TestFault(policies.Tests[i], f)))], [.. policies.Rules.Where(r => !fired.Contains(r.Name))], policies.Rules.Length);

        (TestOutcome?, ImmutableArray<Diagnostic>) RunOne(PolicyTest test)
        {
            var (script, faults) = MadeReady(test, policies, texts, sites, zone);
            return faults.IsEmpty ? (TestRun.Of(script!, ct), []) : (null, faults);
        }
    }

    /// <summary>What keeps tests from being run; none is.</summary>
    public static IEnumerable<Diagnostic> Check(PolicyFiles files)
    {
        var texts = files.Sources.ToDictionary(s => s.Name, s => s.Text, StringComparer.Ordinal);
        var sites = new ConcurrentDictionary<string, Lazy<(SiteSnapshot? Snapshot, FileFaults Faults)>>(StringComparer.Ordinal);
        return files.Result.Policies.Tests.SelectMany(t => MadeReady(t, files.Result.Policies, texts, sites, TimeZoneInfo.Utc).Faults);
    }

    private static (TestScript? Script, ImmutableArray<Diagnostic> Faults) MadeReady(
        PolicyTest test, PolicySet policies, Dictionary<string, string> texts, ConcurrentDictionary<string, Lazy<(SiteSnapshot? Snapshot, FileFaults Faults)>> sites, TimeZoneInfo zone)
    {
        var text = texts[test.Location.File];
        var path = Path.Combine(Path.GetDirectoryName(test.Location.File) ?? "", test.Site);
        var (snapshot, siteFaults) = sites.GetOrAdd(path, p => new(() => Read(p))).Value;
        if (snapshot is null) return (null, [TestFaults.UnusableSite(test, text, siteFaults)]);
        var script = new TestScript(test, policies, snapshot, policies.TimeZone ?? zone);
        return (script, [.. TestFaults.Check(script, text)]);
    }

    private static (SiteSnapshot?, FileFaults) Read(string path)
    {
        var faults = new FileFaults(path);
        return (SnapshotReader.Read(path, faults), faults);
    }
}

/// <summary>Why a test could not be run.</summary>
internal sealed record TestFault(PolicyTest Test, Diagnostic Fault);

/// <param name="Outcomes">Of the tests that could be run, in the order of the texts.</param>
/// <param name="Faults">Of those that could not.</param>
/// <param name="NotExercised">Rules that fired in no test.</param>
internal sealed record TestResults(ImmutableArray<TestOutcome> Outcomes, ImmutableArray<TestFault> Faults, ImmutableArray<Rule> NotExercised, int Rules)
{
    public static readonly TestResults None = new([], [], [], 0);

    public TestResults With(TestResults more) => new(Outcomes.AddRange(more.Outcomes), Faults.AddRange(more.Faults), NotExercised.AddRange(more.NotExercised), Rules + more.Rules);

    public int Failed => Outcomes.Count(o => !o.Passed);
}
