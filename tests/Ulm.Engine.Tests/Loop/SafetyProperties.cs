using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>The safety rules over generated sites, policies and misfortunes. To see one again, run its seed alone.</summary>
public class SafetyProperties(ITestOutputHelper output)
{
    private const int Seeds = 200;

    [Fact]
    public void No_safety_rule_is_ever_broken()
    {
        var calls = new Dictionary<string, int>();
        var outcomes = new Dictionary<string, int>();
        foreach (var seed in Enumerable.Range(FixedCases.From, Seeds * FixedCases.Times))
        {
            var (run, broken) = Make(seed);
            Assert.True(broken.Count == 0, $"seed {seed}: {string.Join("\n", broken)}\n{string.Join("\n", run.Store.Journal.Where(e => e.Kind != JournalKind.Rule).Select(e => $"{e.At:HH:mm:ss} {e.Kind} {e.Text}").TakeLast(60))}");
            foreach (var call in run.Calls) Count(calls, call.Split(' ')[1]);
            foreach (var end in run.Store.Journal.Where(e => e.Kind == JournalKind.Ended)) Count(outcomes, end.Outcome!);
            AssertPaired(seed, run);
        }

        // The runs must have come to what they are to judge.
        output.WriteLine($"{string.Join(", ", calls)}; {string.Join(", ", outcomes)}");
        Assert.True(calls.GetValueOrDefault("suspend") > 3, $"suspend: {calls.GetValueOrDefault("suspend")}");
        Assert.All(["migrate", "off", "on"], what => Assert.True(calls.GetValueOrDefault(what) > Seeds / 4, $"{what}: {calls.GetValueOrDefault(what)}"));
        Assert.All(["succeeded", "failed", "in doubt"], what => Assert.True(outcomes.GetValueOrDefault(what) > 3, $"{what}: {outcomes.GetValueOrDefault(what)}"));
    }

    private static (Run Run, List<string> Broken) Make(int seed)
    {
        try
        {
            return RandomRuns.Make(seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_journal()
    {
        foreach (var seed in Enumerable.Range(0, Seeds / 4))
            Assert.Equal(RandomRuns.Make(seed).Run.Store.Journal.Select(e => $"{e.At:O} {e.Kind} {e.Step} {e.Text}"), RandomRuns.Make(seed).Run.Store.Journal.Select(e => $"{e.At:O} {e.Kind} {e.Step} {e.Text}"));
    }

    /// <summary>What was begun has exactly one end (one in doubt is closed by the next run), unless the store could not take it; nothing ends that was not begun.</summary>
    private static void AssertPaired(int seed, Run run)
    {
        var begun = run.Store.Journal.Where(e => e.Kind == JournalKind.Begun).Select(e => e.Step).ToList();
        var ended = run.Store.Journal.Where(e => e.Kind == JournalKind.Ended).Select(e => e.Step).ToList();
        Assert.True(begun.Distinct().Count() == begun.Count, $"seed {seed}: a step was begun twice");
        var settled = run.Store.Journal.Where(e => e.Kind == JournalKind.Ended && e.Outcome != "in doubt").Select(e => e.Step).ToList();
        Assert.True(settled.Distinct().Count() == settled.Count, $"seed {seed}: a step ended twice");
        Assert.True(!ended.Except(begun).Any(), $"seed {seed}: a step ended that was not begun");
        if (!run.Store.HasRefused) Assert.True(!begun.Except(ended).Any(), $"seed {seed}: no end of {string.Join(", ", begun.Except(ended))}");
    }

    private static void Count(Dictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
