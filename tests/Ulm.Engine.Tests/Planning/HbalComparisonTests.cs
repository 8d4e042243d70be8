using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ulm.Bench.Clusters;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Balancing beside Ganeti's <c>hbal</c> (Debian: ganeti-htools) on the same clusters, by hbal's own score.</summary>
public class HbalComparisonTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(6, true)]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(10, false)]
    [InlineData(11, false)]
    public async Task Balance_ends_with_a_score_no_worse_than_hbal_told_of_all_loads_or_of_cpu_and_memory_alone(int seed, bool ofAllLoads)
    {
        var cluster = GeneratedCluster.Create(20, 200, seed);
        var (before, after, hostOf) = await HbalAsync(cluster);
        Assert.Equal(before, HbalScore.Of(cluster, [.. cluster.Vms.Select(v => v.Host)]), 7);
        Assert.Equal(after, HbalScore.Of(cluster, hostOf), 7);

        var ours = Balance(cluster, ofAllLoads);

        Assert.InRange(HbalScore.Of(cluster, ours), 0, after);
    }

    private static int[] Balance(GeneratedCluster cluster, bool ofAllLoads)
    {
        var rule = Scene.Do(new PolicyAction.Balance(Resource.Cpu, 10) { Thorough = true });
        var plan = new Planner(Some.Policies(rule), PlacementLimits.Default).Plan(cluster.Facts(Some.Monday, ofAllLoads), [new Decision("d", rule, null, Some.Monday, "")]);
        Assert.Empty(plan.Refused);
        var last = plan.Steps.Select(s => s.Action).Cast<PlannedAction.Migrate>().ToLookup(m => m.Vm, m => m.To);
        return [.. cluster.Vms.Select(v => last[v.Name].LastOrDefault() is { } to ? int.Parse(to.AsSpan(5), CultureInfo.InvariantCulture) : v.Host)];
    }

    /// <returns>The score as hbal has it before and after, and where it leaves each VM.</returns>
    private static async Task<(double Before, double After, int[] HostOf)> HbalAsync(GeneratedCluster cluster)
    {
        var folder = Directory.CreateTempSubdirectory("ulm-hbal-");
        try
        {
            var (data, loads) = (Path.Combine(folder.FullName, "cluster.data"), Path.Combine(folder.FullName, "cluster.util"));
            await File.WriteAllTextAsync(data, cluster.GanetiText());
            await File.WriteAllTextAsync(loads, cluster.GanetiLoads());
            using var hbal = Process.Start(new ProcessStartInfo("hbal", ["-t", data, "-U", loads]) { RedirectStandardOutput = true })!;
            using var limit = new CancellationTokenSource(Patience);
            var output = await hbal.StandardOutput.ReadToEndAsync(limit.Token);
            await hbal.WaitForExitAsync(limit.Token);
            Assert.Equal(0, hbal.ExitCode);
            var scores = Regex.Match(output, @"score improved from ([\d.]+) to ([\d.]+)");
            int[] hostOf = [.. cluster.Vms.Select(v => v.Host)];
            foreach (Match move in Regex.Matches(output, @"^\s*\d+\. vm-(\d+) +\S+ +=> node-(\d+)", RegexOptions.Multiline)) hostOf[Whole(move, 1)] = Whole(move, 2);
            return (Score(scores, 1), Score(scores, 2), hostOf);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Whole(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static double Score(Match match, int group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
