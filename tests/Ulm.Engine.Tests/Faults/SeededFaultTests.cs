using System.Collections.Concurrent;
using System.Globalization;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Faults;

/// <summary>
/// The safety rules over generated sites, policies and misfortunes. ULM_FAULT_SEEDS=1000-1999 plays others than usual; a seed that fails is played
/// again, ever smaller, and the shortest story is shown.
/// </summary>
public class SeededFaultTests(ITestOutputHelper output)
{
    private static readonly (int From, int To) Usual = (0, 299);

    [Fact]
    public void Whatever_goes_wrong_no_safety_rule_is_broken()
    {
        var (from, to) = Seeds();
        var outcomes = new ConcurrentDictionary<string, int>();
        var failed = new ConcurrentDictionary<int, string>();
        Parallel.For(from, to + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var run = ScenarioRun.Play(RandomScenarios.Make(seed));
            if (run.Broken is [var first, ..]) failed[seed] = first.Split('\n')[0];
            foreach (var end in run.Run.Store.Journal.Where(e => e.Kind == JournalKind.Ended)) outcomes.AddOrUpdate(Kind(end), 1, (_, n) => n + 1);
            foreach (var by in run.Run.Store.Journal.Where(e => e.By is not null)) outcomes.AddOrUpdate($"by hand {by.Outcome}", 1, (_, n) => n + 1);
        });
        output.WriteLine(string.Join(", ", outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}: {o.Value}")));
        Assert.True(failed.IsEmpty, failed.IsEmpty ? "" : $"{string.Join("\n", failed.OrderBy(f => f.Key).Select(f => $"seed {f.Key}: {f.Value}"))}\nthe first of them:\n{Explain(failed.Keys.Min())}");
        // The runs must have come to what they are to judge.
        if ((from, to) == Usual) Assert.All(
            ["migrate succeeded", "migrate failed", "migrate in doubt", "migrate abandoned", "power off succeeded", "power off failed", "power off in doubt", "power on succeeded", "power on failed", "suspend succeeded", "by hand ordered", "by hand held"],
            what => Assert.True(outcomes.GetValueOrDefault(what) > 2, $"{what}: {outcomes.GetValueOrDefault(what)}"));
    }

    /// <summary>
    /// 5570, 7588: a migration in doubt gave its slot back while it went on. The others were the judge's own: no server came after one that was killed at
    /// the end (6104), and an end that a full store took late was held to what had happened since (7205).
    /// </summary>
    [Theory]
    [InlineData(5570)]
    [InlineData(6104)]
    [InlineData(7205)]
    [InlineData(7588)]
    public void Seeds_beyond_the_usual_that_broke_a_rule_once_break_none(int seed) => Assert.Empty(ScenarioRun.Play(RandomScenarios.AsBefore(seed)).Broken);

    /// <summary>5475: what was measured counted for seconds too long, as the clock had been set back by them. 5672: of hosts that another rule's marks kept from taking a VM that goes with others it was asked why not by other limits than had been searched with.</summary>
    [Theory]
    [InlineData(5475)]
    [InlineData(5672)]
    public void Seeds_that_broke_a_rule_since_the_clock_is_set_break_none(int seed) => Assert.Empty(ScenarioRun.Play(RandomScenarios.Make(seed)).Broken);

    [Fact]
    public void The_same_seed_gives_the_same_story()
    {
        foreach (var seed in Enumerable.Range(0, 20))
            Assert.Equal(ScenarioRun.Play(RandomScenarios.Make(seed), tell: true).Story, ScenarioRun.Play(RandomScenarios.Make(seed), tell: true).Story);
    }

    private static (int From, int To) Seeds()
    {
        if (Environment.GetEnvironmentVariable("ULM_FAULT_SEEDS")?.Split('-') is not [var from, .. var rest]) return Usual;
        var first = int.Parse(from, CultureInfo.InvariantCulture);
        return (first, rest is [var to] ? int.Parse(to, CultureInfo.InvariantCulture) : first);
    }

    private static string Explain(int seed)
    {
        var scenario = RandomScenarios.Make(seed);
        if (ScenarioRun.Play(scenario).Broken is not [var first, ..]) return $"seed {seed} breaks nothing";
        var what = Essence(first);
        var smallest = Shrinker.Shrink(scenario, s => ScenarioRun.Play(s).Broken is [var broken, ..] && Essence(broken) == what);
        return $"""
            seed {seed}: {first}
            {string.Join("\n", smallest.Sentences)}
            hosts: {string.Join(", ", smallest.Hosts.Select(h => $"{h.Name} {h.State}{(h.Cluster == "default" ? "" : $" in {h.Cluster}")}{string.Concat(h.Tags.Select(t => $" {t}"))}"))}
            vms: {string.Join(", ", smallest.Vms.Select(v => $"{v.Name} on {v.Host}{string.Concat(v.Tags.Select(t => $" {t}"))}"))}
            poll every {smallest.Options.PollingInterval}, for {smallest.Duration}
            {string.Join("\n", smallest.Troubles)}
            {string.Join("\n", ScenarioRun.Play(smallest, tell: true).Story.TakeLast(80))}
            """;
    }

    /// <summary>Without names and numbers: what was shrunk must fail for the same reason.</summary>
    private static string Essence(string broken) => string.Concat(broken.Where(c => !char.IsDigit(c)));

    private static string Kind(JournalEntry end)
    {
        var text = end.Text.Replace("left unfinished by the last run: ", "", StringComparison.Ordinal);
        var what = text.StartsWith("power", StringComparison.Ordinal) ? string.Join(' ', text.Split(' ').Take(2)) : text.Split(' ')[0];
        return $"{what} {end.Outcome}";
    }
}
