namespace Ulm.Bench.Clusters;

/// <summary>
/// The cluster score of Ganeti's hbal 3.0 (hbal(1), "Algorithm"; HTools.Cluster.Metrics) for clusters on shared storage: the standard deviations over hosts of
/// free memory, vCPU ratio, and the CPU, memory, disk and network load of their VMs. Smaller is better.
/// </summary>
internal static class HbalScore
{
    /// <param name="hostOf">Where each VM is, in the order of the cluster's VMs.</param>
    public static double Of(GeneratedCluster cluster, IReadOnlyList<int> hostOf)
    {
        var parts = new double[6][];
        for (var p = 0; p < parts.Length; p++) parts[p] = new double[cluster.Hosts];
        for (var v = 0; v < cluster.Vms.Length; v++)
        {
            var (vm, host) = (cluster.Vms[v], hostOf[v]);
            parts[0][host] += (double)vm.MemoryMib / GeneratedCluster.HostMemoryMib;
            parts[1][host] += (double)vm.Cpus / GeneratedCluster.HostCpus;
            parts[2][host] += GeneratedCluster.Round(CpuLoad(vm), 6);
            parts[3][host] += GeneratedCluster.Round(MemoryLoad(vm), 6);
            parts[4][host] += vm.Disk;
            parts[5][host] += vm.Net;
        }

        return parts.Sum(Deviation);
    }

    public static double CpuLoad(GeneratedVm vm) => vm.Cpu * vm.Cpus / GeneratedCluster.HostCpus;

    public static double MemoryLoad(GeneratedVm vm) => vm.Memory * vm.MemoryMib / GeneratedCluster.HostMemoryMib;

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}
