using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>What is known of clusters: all of it follows from their hosts. Each figure is taken once for the instant of its facts.</summary>
internal sealed class ClusterFacts(SiteFacts facts)
{
    private readonly Dictionary<(string Cluster, PolicyAttribute Attribute), Reading> _taken = [];

    public Reading Read(string cluster, PolicyAttribute attribute)
    {
        if (_taken.TryGetValue((cluster, attribute), out var taken)) return taken;
        var reading = facts.Site.Clusters.TryGetValue(cluster, out var hosts)
            ? Take(cluster, hosts, attribute)
            : Reading.Unknown($"cluster {cluster} has no host");
        _taken.Add((cluster, attribute), reading);
        return reading;
    }

    private Reading Take(string cluster, ImmutableArray<Host> hosts, PolicyAttribute attribute)
    {
        if (attribute == PolicyAttribute.ClusterHosts) return Count(hosts.Length);
        if (hosts.FirstOrDefault(h => h.State == HostState.Unreachable && !HostFacts.MissedAPoll(facts, h)) is { } silent)
            return Reading.Unknown($"host {silent.Name} does not answer: {(attribute == PolicyAttribute.ClusterVms ? "what runs there" : "whether it is on")} is not known");
        if (attribute == PolicyAttribute.ClusterCpu) return OfHostsOn(cluster, hosts, PolicyAttribute.HostCpu, h => h.CpuCapacity);
        if (attribute == PolicyAttribute.ClusterMemory) return OfHostsOn(cluster, hosts, PolicyAttribute.HostMemory, h => h.MemoryBytes);
        if (attribute == PolicyAttribute.ClusterHostsOn) return Count(hosts.Count(IsOn));
        if (attribute == PolicyAttribute.ClusterHostsIdle) return Idle(hosts);
        if (attribute == PolicyAttribute.ClusterVms) return Count(hosts.Sum(h => facts.Site.VmsOn(h.Name).Length));
        throw new InvalidOperationException($"attribute {attribute} has no meaning in the engine");
    }

    /// <summary>One that missed a poll counts as it was last heard of.</summary>
    private static bool IsOn(Host host) => HostFacts.Answers(host) || host.State == HostState.Unreachable;

    private Reading Count(int count) => Reading.Known(count, facts.At);

    private Reading Idle(ImmutableArray<Host> hosts)
    {
        var count = 0;
        foreach (var host in hosts)
        {
            var idle = HostFacts.Idle(facts, host);
            if (!idle.IsKnown) return Reading.Unknown($"whether host {host.Name} is idle is unknown: {idle.UnknownBecause}");
            if (idle.Value == 1) count++;
        }

        return Count(count);
    }

    /// <summary>Of all hosts that are on together, each by its size. As old as the oldest of its readings; unknown where one of them is.</summary>
    private Reading OfHostsOn(string cluster, ImmutableArray<Host> hosts, PolicyAttribute attribute, Func<Host, double> sizeOf)
    {
        var (used, size, oldest) = (0.0, 0.0, DateTimeOffset.MaxValue);
        foreach (var host in hosts)
        {
            if (!IsOn(host)) continue;
            var reading = facts.Read(host.Ref, attribute);
            if (!reading.IsKnown) return Reading.Unknown($"{attribute} of {host.Name} is unknown: {reading.UnknownBecause}");
            used += reading.Value / 100 * sizeOf(host);
            size += sizeOf(host);
            if (reading.At < oldest) oldest = reading.At;
        }

        return size > 0 ? Reading.Known(used / size * 100, oldest) : Reading.Unknown($"no host of cluster {cluster} is on");
    }
}
