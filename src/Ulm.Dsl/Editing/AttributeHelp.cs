using System.Collections.Frozen;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Editing;

/// <summary>What each attribute is, in a sentence.</summary>
public static class AttributeHelp
{
    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        ["host.cpu"] = "CPU time in use on the host, of all its CPUs together.",
        ["host.cpu.iowait"] = "CPU time that waited for disks, of all CPUs together.",
        ["host.cpu.steal"] = "CPU time that something below the host took away.",
        ["host.memory"] = "Memory in use on the host, of all it has; caches do not count.",
        ["host.swap"] = "Swap space in use, of all there is.",
        ["host.load"] = "Processes that run or wait to, on average over one minute, for each CPU.",
        ["host.vms"] = "VMs that run on the host.",
        ["host.memory.free"] = "Memory that is not in use.",
        ["host.memory.total"] = "Memory that the host has.",
        ["host.net.in"] = "Received over the host's physical network interfaces.",
        ["host.net.out"] = "Sent over the host's physical network interfaces.",
        ["host.disk.read"] = "Read from the host's disks.",
        ["host.disk.write"] = "Written to the host's disks.",
        ["host.power"] = "What the host draws: as measured, else by its power curve.",
        ["host.uptime"] = "Time since the host started.",
        ["host.idle for"] = "How long the host has been on without any VM; 0 while it runs one.",
        ["vm.cpu"] = "CPU time that the VM uses, of its own vCPUs.",
        ["vm.memory"] = "Memory that the VM holds on its host.",
        ["vm.net.in"] = "Received by the VM.",
        ["vm.net.out"] = "Sent by the VM.",
        ["vm.disk.read"] = "Read by the VM.",
        ["vm.disk.write"] = "Written by the VM.",
        ["vm.uptime"] = "Time since the VM was started.",
        ["cluster.cpu"] = "CPU time in use, of all CPUs of the cluster's hosts that are on.",
        ["cluster.memory"] = "Memory in use, of all memory of the cluster's hosts that are on.",
        ["cluster.hosts"] = "Hosts of the cluster, on or off.",
        ["cluster.hosts.on"] = "Hosts of the cluster that are on.",
        ["cluster.hosts.idle"] = "Hosts of the cluster that are on and have run no VM for five minutes or more.",
        ["cluster.vms"] = "VMs that run in the cluster.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(PolicyAttribute attribute) => attribute.MuninField is { } field
        ? $"What munin says of `{field}` (plugin, then field); counters as their rate per second."
        : Sentences.GetValueOrDefault(attribute.Name, "");
}
