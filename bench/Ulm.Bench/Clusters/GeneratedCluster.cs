using System.Globalization;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Dsl.Policies;

namespace Ulm.Bench.Clusters;

/// <summary>Loads are parts of what the VM has: of its vCPUs, of its memory; disk and network of a host's.</summary>
internal sealed record GeneratedVm(string Name, int Host, int Cpus, int MemoryMib, double Cpu, double Memory, double Disk, double Net);

/// <summary>
/// A cluster of equal hosts with VMs of skewed size, place and load, the same for a seed: 32 CPUs and 128 GiB a host, VMs from 1 to 32 GiB, a few
/// hot hosts and many cool ones. For comparisons with planners outside this project, which get the same cluster in Ganeti's text format.
/// </summary>
internal sealed class GeneratedCluster
{
    public const int HostCpus = 32;
    public const int HostMemoryMib = 131072;
    private const double HostBytesPerSecond = 125e6;
    private const double MostMemory = 0.95;
    private const double MostVcpusPerCpu = 4;

    private static readonly (int Mib, double Weight, int[] Cpus)[] Sizes =
        [(1024, 14, [1, 1, 2]), (2048, 22, [1, 2, 2]), (4096, 26, [2, 2, 4]), (8192, 20, [2, 4, 4, 8]), (16384, 12, [4, 8, 8]), (32768, 6, [8, 8, 16])];

    private static readonly int[] DiskUnits = [1, 1, 2, 2, 4, 8, 16];

    private GeneratedCluster(int hosts, GeneratedVm[] vms) => (Hosts, Vms) = (hosts, vms);

    public int Hosts { get; }

    public GeneratedVm[] Vms { get; }

    public static string HostName(int host) => $"node-{host:0000}";

    /// <exception cref="ArgumentException">So many VMs do not fit.</exception>
    public static GeneratedCluster Create(int hosts, int vms, int seed)
    {
        var random = new MersenneTwister($"ulm-gen-1/{seed}/{hosts}/{vms}/0");
        var attraction = Enumerable.Range(0, hosts).Select(_ => random.LogNormal(1)).ToArray();
        var heat = Enumerable.Range(0, hosts).Select(_ => random.Beta(2, 2)).ToArray();
        var free = Enumerable.Repeat((int)(HostMemoryMib * MostMemory), hosts).ToArray();
        var used = new int[hosts];
        var drawn = Enumerable.Range(0, vms).Select(i =>
        {
            var size = Size(random);
            return (size.Mib, Cpus: random.Choice(size.Cpus), Index: i);
        }).ToList();
        var placed = new GeneratedVm[vms];
        foreach (var (mib, cpus, index) in drawn.OrderByDescending(d => d.Mib).ThenByDescending(d => d.Cpus).ThenBy(d => d.Index))
        {
            var fitting = Enumerable.Range(0, hosts).Where(h => free[h] >= mib && used[h] + cpus <= HostCpus * MostVcpusPerCpu).ToArray();
            if (fitting.Length == 0) throw new ArgumentException($"{vms} VMs do not fit on {hosts} hosts", nameof(vms));
            var host = fitting[random.Weighted([.. fitting.Select(h => attraction[h])])];
            free[host] -= mib;
            used[host] += cpus;
            var cpu = Round(Math.Clamp(random.Beta(0.6 + 3.0 * heat[host], 4), 0.01, 0.98), 3);
            var memory = Round(random.Uniform(0.35, 0.95), 3);
            random.Choice(DiskUnits);
            placed[index] = new GeneratedVm(
                $"vm-{index:00000}", host, cpus, mib, cpu, memory,
                Round(Math.Min(0.2, random.Exponential(0.02)) + 0.001, 4), Round(Math.Min(0.2, random.Exponential(0.015)) + 0.001, 4));
        }

        return new GeneratedCluster(hosts, placed);
    }

    /// <summary>What ULM is told.</summary>
    /// <param name="withTraffic">False: of the loads, only CPU, as a site file has it. True: disk and network too.</param>
    public SiteFacts Facts(DateTimeOffset at, bool withTraffic)
    {
        var site = new Site(
            Enumerable.Range(0, Hosts).Select(h => new Host { Name = HostName(h), Cpus = HostCpus, MemoryBytes = (long)HostMemoryMib << 20 }),
            Vms.Select(v => new Vm { Name = v.Name, Host = HostName(v.Host), Vcpus = v.Cpus, CpuMips = Host.DefaultCpuMips, MemoryBytes = (long)v.MemoryMib << 20 }));
        var metrics = new MetricWindows();
        foreach (var vm in Vms) metrics.Add(new(SubjectRef.Vm(vm.Name), PolicyAttribute.VmCpu, at, vm.Cpu * 100));
        foreach (var vm in withTraffic ? Vms : [])
        {
            foreach (var (attribute, load) in ((PolicyAttribute, double)[])[
                (PolicyAttribute.VmDiskRead, vm.Disk), (PolicyAttribute.VmDiskWrite, 0), (PolicyAttribute.VmNetIn, vm.Net), (PolicyAttribute.VmNetOut, 0)])
                metrics.Add(new(SubjectRef.Vm(vm.Name), attribute, at, load * HostBytesPerSecond));
        }

        foreach (var host in site.Hosts)
        {
            var cpu = site.VmsOn(host.Name).Sum(v => Vms[int.Parse(v.Name.AsSpan(3), CultureInfo.InvariantCulture)].Cpu * v.Vcpus) / host.Cpus;
            metrics.Add(new(host.Ref, PolicyAttribute.HostCpu, at, Math.Min(100, cpu * 100)));
        }

        return new SiteFacts(at, site, metrics, new Freshness(TimeSpan.FromMinutes(1)), new Dictionary<SubjectRef, string>());
    }

    /// <summary>The cluster for <c>hbal -t</c> (see htools(1) and Ganeti's HTools.Backend.Text): groups, nodes, instances, tags, policies.</summary>
    public string GanetiText()
    {
        var used = new int[Hosts];
        foreach (var vm in Vms) used[vm.Host] += vm.MemoryMib;
        const string Policy = "4096,2,10240,1,1,1|128,1,1024,1,1,1;65536,64,1048576,16,8,12|ext|4.0|1000.0";
        string[] sections =
        [
            "default|uuid-0001|preferred||\n",
            string.Concat(Enumerable.Range(0, Hosts).Select(h =>
                $"{HostName(h)}|{HostMemoryMib}|0|{HostMemoryMib - used[h]}|4194304|4194304|{HostCpus}|{(h == 0 ? "M" : "N")}|uuid-0001|1||N|0|0|1.0\n")),
            string.Concat(Vms.Select(v => $"{v.Name}|{v.MemoryMib}|10240|{v.Cpus}|running|Y|{HostName(v.Host)}||ext||1|-\n")),
            "",
            $"|{Policy}\ndefault|{Policy}\n",
        ];
        return string.Join('\n', sections);
    }

    /// <summary>The loads for <c>hbal -U</c>: per VM its CPU, memory, disk and network, as parts of a host's.</summary>
    public string GanetiLoads() => string.Concat(Vms.Select(v => string.Create(
        CultureInfo.InvariantCulture, $"{v.Name} {HbalScore.CpuLoad(v):F6} {HbalScore.MemoryLoad(v):F6} {v.Disk:F6} {v.Net:F6}\n")));

    private static (int Mib, int[] Cpus) Size(MersenneTwister random)
    {
        var x = random.Next() * Sizes.Sum(s => s.Weight);
        foreach (var (mib, weight, cpus) in Sizes)
        {
            x -= weight;
            if (x < 0) return (mib, cpus);
        }

        return (Sizes[^1].Mib, Sizes[^1].Cpus);
    }

    /// <summary>To the nearest decimal, as Python does it: by the digits, not by a product.</summary>
    public static double Round(double value, int digits) =>
        double.Parse(value.ToString("F" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
