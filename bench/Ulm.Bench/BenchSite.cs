using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Bench;

/// <summary>Sites of any size with skewed load, the same for a seed.</summary>
internal static class BenchSite
{
    public static readonly DateTimeOffset At = new(2026, 1, 5, 20, 0, 0, TimeSpan.Zero);

    private const long GiB = 1L << 30;

    public static Site Create(int hosts, int vmsPerHost, int seed = 1)
    {
        var random = new Random(seed);
        return new Site(
            Enumerable.Range(0, hosts).Select(i => new Host { Name = $"h{i:00000}", Cpus = 32, MemoryBytes = 256 * GiB }),
            Enumerable.Range(0, hosts * vmsPerHost).Select(i => new Vm
            {
                Name = $"v{i:000000}",
                // Skewed: the product of two draws makes some hosts full and some nearly empty.
                Host = $"h{(int)(hosts * random.NextDouble() * Math.Sqrt(random.NextDouble())):00000}",
                Vcpus = 1 << random.Next(0, 3),
                CpuMips = Host.DefaultCpuMips,
                MemoryBytes = (1L << random.Next(0, 5)) * GiB,
            }));
    }

    public static SiteFacts Facts(Site site, int seed = 1)
    {
        var random = new Random(seed);
        var metrics = new MetricWindows();
        var demand = site.Hosts.ToDictionary(h => h.Name, _ => 0.0);
        foreach (var vm in site.Vms)
        {
            var cpu = 5 + 40 * random.NextDouble();
            demand[vm.Host] += vm.CpuDemand(cpu);
            metrics.Add(new(vm.Ref, PolicyAttribute.VmCpu, At, cpu));
        }

        foreach (var host in site.Hosts) metrics.Add(new(host.Ref, PolicyAttribute.HostCpu, At, Math.Min(100, demand[host.Name] / host.CpuCapacity * 100)));
        return new SiteFacts(At, site, metrics, new Freshness(TimeSpan.FromMinutes(1)), new Dictionary<SubjectRef, string>());
    }

    public static PolicySet Policies(string text)
    {
        var result = PolicyCompiler.Compile([new SourceText("bench.ulm", text)]);
        return result.HasErrors ? throw new InvalidOperationException(result.Diagnostics[0].ToString()) : result.Policies;
    }
}
