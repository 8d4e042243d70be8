using BenchmarkDotNet.Attributes;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Bench;

/// <summary>A network of 1,000 rules: made, filled with a site of 1,000 hosts and 10,000 VMs, and fired for the first time, as a reload does it.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RuleLoad
{
    private static readonly Fact HostCpu = new Fact.Attribute(PolicyAttribute.HostCpu);
    private static readonly Fact VmCpu = new Fact.Attribute(PolicyAttribute.VmCpu);

    private PolicySet _policies = PolicySet.Empty;
    private Site _site = Site.Empty;

    [GlobalSetup]
    public void Setup()
    {
        _policies = BenchSite.Policies(string.Join('\n', Enumerable.Range(0, 1_000).Select(RuleCycle.Sentence)));
        _site = BenchSite.Create(1_000, 10);
    }

    [Benchmark]
    public int Make() => new RuleNetwork(_policies).Reads.Count;

    [Benchmark]
    public int MakeFillAndFire()
    {
        var network = new RuleNetwork(_policies);
        foreach (var host in _site.Hosts) network.Insert(host.Ref, host.Cluster, host.Tags);
        foreach (var vm in _site.Vms) network.Insert(vm.Ref, vm.Host, vm.Tags);
        foreach (var host in _site.Hosts) network.Update(host.Ref, HostCpu, Reading.Known(50, BenchSite.At));
        foreach (var vm in _site.Vms) network.Update(vm.Ref, VmCpu, Reading.Known(50, BenchSite.At));
        return network.Fire(BenchSite.At, static _ => null).Transitions.Length;
    }
}
