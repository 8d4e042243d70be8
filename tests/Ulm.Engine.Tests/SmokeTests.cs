using Ulm.Engine.Loop;
using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests;

public class SmokeTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_sentences_over_a_day()
    {
        var hosts = Enumerable.Range(1, 12).Select(i => Some.Host($"host{i:00}", cpus: 8)).ToList();
        var vms = Enumerable.Range(0, 80).Select(i => Some.Vm($"vm{i:00}", $"host{i % 12 + 1:00}", 4, 2)).ToList();
        var sim = new Simulator(new SimulationRequest(new Site(hosts, vms), new DailyLoad(1), Some.FirstTwoSentences, Some.Monday, TimeSpan.FromDays(1.2), new LoopOptions { PollingInterval = TimeSpan.FromMinutes(1) }));
        var r = sim.Run();
        foreach (var e in r.Journal) output.WriteLine($"{e.At:HH:mm:ss} {e.Kind,-9} {e.Text}");
        foreach (var e in r.Violations) output.WriteLine(e);
        output.WriteLine($"{r.Steps} {r.Migrations} {r.EnergyKWh} {r.EnergyKWhWithoutPolicies} {r.MeanHostsOn} {r.Slatah} {r.Pdm}");
        Assert.Empty(r.Violations);
    }
}
