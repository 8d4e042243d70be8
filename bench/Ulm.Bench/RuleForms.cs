using BenchmarkDotNet.Attributes;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;
using Ulm.Engine.Loop;

namespace Ulm.Bench;

/// <summary>A poll's samples taken in and one whole look, of 100 rules of one form: every host measured anew, nothing decided.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RuleForms
{
    private const int Rules = 100;
    private const int MinutesBefore = 20;

    private static readonly Dictionary<string, Func<int, string>> Sentences = new()
    {
        ["avg"] = i => $"avg(host.cpu, 15m) > {90 + i % 10}%",
        ["any host"] = i => $"any host (host.cpu > {90 + i % 10}%)",
        ["tagged"] = i => $"tagged \"t{i % 7}\" and host.cpu > {90 + i % 10}%",
    };

    private readonly Random _random = new(1);
    private readonly MetricWindows _metrics = new();
    private Look _look = null!;
    private Site _site = null!;
    private int _minute;

    [Params("avg", "any host", "tagged")]
    public string Form { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _site = BenchSite.Create(10_000, 10);
        var policies = BenchSite.Policies(string.Join('\n', Enumerable.Range(0, Rules).Select(i => $"policy r{i} when {Sentences[Form](i)} for 10m then notify \"busy\"")));
        _look = new Look(policies, PlacementLimits.Default);
        _metrics.Need(new MetricNeeds(policies, _look.Reads));
        for (var minute = 0; minute < MinutesBefore; minute++) PollAndLook();
    }

    [Benchmark]
    public int PollAndLook()
    {
        var at = BenchSite.At.AddMinutes(++_minute);
        foreach (var host in _site.Hosts) _metrics.Add(new Measurement(host.Ref, PolicyAttribute.HostCpu, at, 20 + 40 * _random.NextDouble()));
        return _look.At(new SiteFacts(at, _site, _metrics, new Freshness(TimeSpan.FromMinutes(1)), new Dictionary<SubjectRef, string>()), [], mayAct: false).Transitions.Length;
    }
}
