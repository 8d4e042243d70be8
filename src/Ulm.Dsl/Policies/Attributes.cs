using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>The kind of thing a condition ranges over. A VM stands on a host, a host in a cluster: the finer kind reads the coarser ones too.</summary>
public enum SubjectKind
{
    Host,
    Vm,
    Cluster,
}

/// <summary>Something a condition can read, such as <c>host.cpu</c>. Equal by name.</summary>
/// <param name="Subject">Whose attribute it is; in a condition over VMs, a host attribute is read from the VM's host, a cluster's from the host's cluster.</param>
/// <param name="Name">The name as written in a policy, subject included: <c>host.cpu</c>, <c>host.munin["df._dev_sda1"]</c>.</param>
/// <param name="Unit">The unit its values come in.</param>
public sealed record PolicyAttribute(SubjectKind Subject, string Name, Unit Unit)
{
    public static readonly PolicyAttribute HostCpu = new(SubjectKind.Host, "host.cpu", Unit.Percent);
    public static readonly PolicyAttribute HostCpuIoWait = new(SubjectKind.Host, "host.cpu.iowait", Unit.Percent);
    public static readonly PolicyAttribute HostCpuSteal = new(SubjectKind.Host, "host.cpu.steal", Unit.Percent);
    public static readonly PolicyAttribute HostMemory = new(SubjectKind.Host, "host.memory", Unit.Percent);
    public static readonly PolicyAttribute HostSwap = new(SubjectKind.Host, "host.swap", Unit.Percent);
    public static readonly PolicyAttribute HostLoad = new(SubjectKind.Host, "host.load", Unit.Count);
    public static readonly PolicyAttribute HostVms = new(SubjectKind.Host, "host.vms", Unit.Count);
    public static readonly PolicyAttribute HostMemoryFree = new(SubjectKind.Host, "host.memory.free", Unit.Bytes);
    public static readonly PolicyAttribute HostMemoryTotal = new(SubjectKind.Host, "host.memory.total", Unit.Bytes);
    public static readonly PolicyAttribute HostNetIn = new(SubjectKind.Host, "host.net.in", Unit.BytesPerSecond);
    public static readonly PolicyAttribute HostNetOut = new(SubjectKind.Host, "host.net.out", Unit.BytesPerSecond);
    public static readonly PolicyAttribute HostDiskRead = new(SubjectKind.Host, "host.disk.read", Unit.BytesPerSecond);
    public static readonly PolicyAttribute HostDiskWrite = new(SubjectKind.Host, "host.disk.write", Unit.BytesPerSecond);
    public static readonly PolicyAttribute HostPower = new(SubjectKind.Host, "host.power", Unit.Watts);
    public static readonly PolicyAttribute HostUptime = new(SubjectKind.Host, "host.uptime", Unit.Seconds);

    /// <summary>How long a host that is on has run no VM; 0 while it runs one.</summary>
    public static readonly PolicyAttribute HostIdleFor = new(SubjectKind.Host, "host.idle for", Unit.Seconds);

    public static readonly PolicyAttribute VmCpu = new(SubjectKind.Vm, "vm.cpu", Unit.Percent);
    public static readonly PolicyAttribute VmMemory = new(SubjectKind.Vm, "vm.memory", Unit.Bytes);
    public static readonly PolicyAttribute VmNetIn = new(SubjectKind.Vm, "vm.net.in", Unit.BytesPerSecond);
    public static readonly PolicyAttribute VmNetOut = new(SubjectKind.Vm, "vm.net.out", Unit.BytesPerSecond);
    public static readonly PolicyAttribute VmDiskRead = new(SubjectKind.Vm, "vm.disk.read", Unit.BytesPerSecond);
    public static readonly PolicyAttribute VmDiskWrite = new(SubjectKind.Vm, "vm.disk.write", Unit.BytesPerSecond);
    public static readonly PolicyAttribute VmUptime = new(SubjectKind.Vm, "vm.uptime", Unit.Seconds);

    public static readonly PolicyAttribute ClusterCpu = new(SubjectKind.Cluster, "cluster.cpu", Unit.Percent);
    public static readonly PolicyAttribute ClusterMemory = new(SubjectKind.Cluster, "cluster.memory", Unit.Percent);
    public static readonly PolicyAttribute ClusterHosts = new(SubjectKind.Cluster, "cluster.hosts", Unit.Count);
    public static readonly PolicyAttribute ClusterHostsOn = new(SubjectKind.Cluster, "cluster.hosts.on", Unit.Count);
    public static readonly PolicyAttribute ClusterHostsIdle = new(SubjectKind.Cluster, "cluster.hosts.idle", Unit.Count);
    public static readonly PolicyAttribute ClusterVms = new(SubjectKind.Cluster, "cluster.vms", Unit.Count);

    /// <summary>Every attribute that has a name of its own, in the order the manual lists them. Fields of munin plugins come on top.</summary>
    public static readonly ImmutableArray<PolicyAttribute> All =
    [
        HostCpu, HostCpuIoWait, HostCpuSteal, HostMemory, HostSwap, HostLoad, HostVms, HostMemoryFree, HostMemoryTotal,
        HostNetIn, HostNetOut, HostDiskRead, HostDiskWrite, HostPower, HostUptime, HostIdleFor,
        VmCpu, VmMemory, VmNetIn, VmNetOut, VmDiskRead, VmDiskWrite, VmUptime,
        ClusterCpu, ClusterMemory, ClusterHosts, ClusterHostsOn, ClusterHostsIdle, ClusterVms,
    ];

    // Attributes are keys of every fact: their hash is taken once, and most comparisons are of one object with itself.
    private readonly int _hash = Name.GetHashCode(StringComparison.Ordinal);

    private static readonly FrozenDictionary<string, PolicyAttribute> ByName = All.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Of an attribute made by <see cref="Munin"/>: <c>plugin.field</c>. Null for all others.</summary>
    public string? MuninField { get; private init; }

    /// <summary>Whatever munin says of a field: <c>host.munin["sensors_fan.fan1"]</c>. A multigraph's sub-graph is written with its dots: <c>diskstats_iops.sda.rdio</c>.</summary>
    /// <param name="subject">Host or VM.</param>
    public static PolicyAttribute Munin(SubjectKind subject, string field) =>
        new(subject, $"{(subject == SubjectKind.Vm ? "vm" : "host")}.munin[\"{field}\"]", Unit.Any) { MuninField = field };

    /// <summary>The attribute that has this name of its own; null: there is none.</summary>
    public static PolicyAttribute? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The attribute of a name as it is written; null: there is none. A munin field is taken as it stands: only a node knows whether it has it.</summary>
    public static PolicyAttribute? Find(string name)
    {
        if (Named(name) is { } named) return named;
        var subject = name.StartsWith("vm.munin[\"", StringComparison.Ordinal) ? SubjectKind.Vm : SubjectKind.Host;
        var prefix = subject == SubjectKind.Vm ? "vm.munin[\"" : "host.munin[\"";
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith("\"]", StringComparison.Ordinal) || name.Length < prefix.Length + 5) return null;
        var field = name[prefix.Length..^2];
        return field.IndexOf('.') is var dot && dot > 0 && dot < field.Length - 1 ? Munin(subject, field) : null;
    }

    /// <summary>Of a host's traffic that of a VM, which goes through its host. Null: it is not made up of what the VMs have.</summary>
    public PolicyAttribute? OfVms =>
        this == HostNetIn ? VmNetIn
        : this == HostNetOut ? VmNetOut
        : this == HostDiskRead ? VmDiskRead
        : this == HostDiskWrite ? VmDiskWrite
        : null;

    public bool Equals(PolicyAttribute? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name);

    public override int GetHashCode() => _hash;

    public override string ToString() => Name;
}
