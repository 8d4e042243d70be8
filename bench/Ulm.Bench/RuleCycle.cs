using BenchmarkDotNet.Attributes;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Bench;

/// <summary>One cycle of the rule network: every value of every subject new, 2 % of the hosts crossing a mark. Half of the rules join VMs with their host.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RuleCycle
{
    private static readonly Fact HostCpu = new Fact.Attribute(PolicyAttribute.HostCpu);
    private static readonly Fact VmCpu = new Fact.Attribute(PolicyAttribute.VmCpu);

    private readonly Reading[][] _hostValues = new Reading[2][];
    private readonly Reading[][] _vmValues = new Reading[2][];
    private RuleNetwork _network = null!;
    private Site _site = null!;
    private int _cycle;

    [Params(20, 100)]
    public int Rules { get; set; }

    [Params(1_000, 10_000)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _site = BenchSite.Create(Hosts, 10);
        _network = new RuleNetwork(BenchSite.Policies(string.Join('\n', Enumerable.Range(0, Rules).Select(Sentence))));
        foreach (var host in _site.Hosts) _network.Insert(host.Ref, host.Cluster);
        foreach (var vm in _site.Vms) _network.Insert(vm.Ref, vm.Host);
        for (var side = 0; side < 2; side++)
        {
            var random = new Random(side);
            _hostValues[side] = [.. _site.Hosts.Select((_, i) => Reading.Known(i % 50 == 0 && side == 1 ? 90 + random.NextDouble() : 20 + 40 * random.NextDouble(), BenchSite.At))];
            _vmValues[side] = [.. _site.Vms.Select(_ => Reading.Known(60 * random.NextDouble(), BenchSite.At))];
        }
    }

    [Benchmark]
    public int Cycle()
    {
        _cycle++;
        var side = _cycle % 2;
        for (var i = 0; i < _site.Hosts.Length; i++) _network.Update(_site.Hosts[i].Ref, HostCpu, _hostValues[side][i]);
        for (var i = 0; i < _site.Vms.Length; i++) _network.Update(_site.Vms[i].Ref, VmCpu, _vmValues[side][i]);
        return _network.Fire(BenchSite.At.AddMinutes(_cycle), static _ => null).Transitions.Length;
    }

    internal static string Sentence(int i) => i % 2 == 0
        ? $"policy r{i} when host.cpu > {75 + i % 10}% for 10m then evacuate heaviest fitting vm"
        : $"policy r{i} when vm.cpu > {70 + i % 10}% and host.cpu > {75 + i % 10}% for 10m then evacuate heaviest fitting vm";
}
