using BenchmarkDotNet.Attributes;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;

namespace Ulm.Bench;

/// <summary>One plan for the night: consolidate, then power off what is empty.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class Consolidation
{
    private SiteFacts _facts = null!;
    private Planner _planner = null!;
    private Decision _decision = null!;

    [Params(100, 1_000)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var policies = BenchSite.Policies("policy night at 20:00 consolidate and power off idle hosts\nalways keep 2 hosts on");
        _facts = BenchSite.Facts(BenchSite.Create(Hosts, 10));
        _planner = new Planner(policies, PlacementLimits.Default);
        _decision = new Decision("d1", policies.Rules[0], null, BenchSite.At, "its time came");
    }

    [Benchmark]
    public int Plan() => _planner.Plan(_facts, [_decision]).Steps.Length;
}
