using Ulm.Dsl;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>
/// Two hosts under loads that do not change, and two rules with marks of their own. a1 has 78 % CPU of three VMs with 8 GiB each, a2 81 % memory, and 94 % with
/// any of them: what the one rule gives away the other would give back.
/// </summary>
public class TwoEvacuatingRulesTests
{
    private const string Cpu = "policy relieve-cpu when host.cpu > 75% for 10m then evacuate heaviest fitting vm";

    [Fact]
    public void Nothing_goes_to_and_fro_between_them()
    {
        var result = Run($"{Cpu}\npolicy relieve-memory when host.memory > 85% for 10m then evacuate heaviest fitting vm by memory");

        Assert.Equal(0, result.Migrations);
        var refused = result.Journal.First(e => e.Kind == JournalKind.Refusal && e.Rule == "relieve-cpu");
        Assert.Contains("vm v1: a2 memory would be 93.8%, where rule relieve-memory acts: host.memory > 85%", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A rule that would not act there is no reason to leave a host as it is.</summary>
    [Theory]
    [InlineData("policy other when host.memory > 85% for 10m then evacuate heaviest fitting vm by memory mode observe")]
    [InlineData("policy other when host.memory > 85% for 10m during 20:00-22:00 then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory > 85% for 10m in cluster elsewhere then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory > 85% for 10m where host tagged \"old\" then evacuate heaviest fitting vm by memory")]
    [InlineData("let office = 20:00-22:00 policy other when host.memory > 85% and office for 10m then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory > 85% and host.vms > 9 for 10m then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory > 85% and cluster.cpu > 90% for 10m then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when vm.cpu > 95% and host.memory > 85% for 10m then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory < 10% for 10m then evacuate heaviest fitting vm by memory")]
    [InlineData("policy other when host.memory > 85% for 10m then notify \"full\"")]
    public void A_host_is_relieved_where_the_other_rule_would_not_act(string other) => Assert.Equal(1, Run($"{Cpu}\n{other}").Migrations);

    [Theory]
    [InlineData("policy other when host.memory > 85% for 10m then drain host", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when host.memory > 85% for 10m then evacuate heaviest fitting vm mode recommend", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when host.memory > 85% for 10m then evacuate heaviest fitting vm until host.memory < 50%", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when host.memory > 85% for 10m then evacuate heaviest fitting vm to hosts where host.memory < 20%", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when host.memory > 85% and cluster.cpu < 90% for 10m then evacuate heaviest fitting vm", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when vm.cpu > 5% and host.memory > 85% for 10m then evacuate heaviest fitting vm", "memory would be 93.8%, where rule other acts: host.memory > 85%")]
    [InlineData("policy other when host.vms > 2 for 10m where host tagged \"full\" then evacuate heaviest fitting vm", "vms would be 3, where rule other acts: host.vms > 2")]
    public void It_is_not_where_the_other_rule_would_act(string other, string why)
    {
        var result = Run($"{Cpu}\n{other}");

        Assert.DoesNotContain(result.Journal, e => e.Kind == JournalKind.Begun && e.Text.Contains(" a1 to a2", StringComparison.Ordinal));
        Assert.Contains(result.Journal, e => e.ToString().Contains($"a2 {why}", StringComparison.Ordinal));
    }

    private static SimulationResult Run(string policies)
    {
        Host[] hosts = [Some.Host("a1", cpus: 10), Some.Host("a2", cpus: 10) with { Tags = ["full"] }];
        Vm[] vms =
        [
            Some.Vm("v1", "a1", 8, 4), Some.Vm("v2", "a1", 8, 4), Some.Vm("v3", "a1", 8),
            Some.Vm("w1", "a2", 26, 1, "pinned"), Some.Vm("w2", "a2", 26, 1, "pinned"),
        ];
        var load = new ConstantLoad(new Dictionary<string, double> { ["v1"] = 90, ["v2"] = 75, ["v3"] = 60, ["w1"] = 10, ["w2"] = 10 });
        var compiled = PolicyCompiler.Compile([new SourceText("two.ulm", $"never migrate vm tagged \"pinned\"\n{policies}")]);
        Assert.False(compiled.HasErrors, string.Join('\n', compiled.Diagnostics));
        return new Simulator(new SimulationRequest(new Site(hosts, vms), load, compiled.Policies, Some.Monday, TimeSpan.FromHours(2), new LoopOptions())).Run();
    }
}
