using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>How each attribute of a host is made of what munin's standard plugins say.</summary>
internal static class HostFigures
{
    private const double SecondsADay = 86_400;

    private static readonly string[] PowerPlugins = ["ipmi_power", "sensors_power"];

    /// <summary>Words in the name of the one sensor that measures the whole machine, where there are others for its parts.</summary>
    private static readonly string[] WholeMachine = ["system", "total", "consumption", "sys_power", "node_power"];

    /// <summary>True of what placement rests on, and of what the same quick plugins tell.</summary>
    public static bool IsBasic(PolicyAttribute attribute) =>
        attribute == PolicyAttribute.HostCpu || attribute == PolicyAttribute.HostCpuIoWait || attribute == PolicyAttribute.HostCpuSteal
        || attribute == PolicyAttribute.HostMemory || attribute == PolicyAttribute.HostSwap || attribute == PolicyAttribute.HostLoad;

    /// <summary>True of what munin tells; false of what libvirt does, and of what follows from the inventory.</summary>
    public static bool IsMunins(PolicyAttribute attribute) => attribute.MuninField is not null || Of(attribute, 1, Nothing) is not null;

    private static readonly MuninAnswer Nothing = new("", [], ImmutableDictionary<string, string?>.Empty, [], new MuninPoll(default, ImmutableDictionary<string, MuninReading>.Empty, ImmutableDictionary<string, MuninException>.Empty));

    /// <summary>Which of a node's plugins an attribute needs. None: the node can't tell, or it is not munin that tells.</summary>
    public static IEnumerable<string> PluginsFor(PolicyAttribute attribute, IReadOnlyCollection<string> plugins, IReadOnlyDictionary<string, string?> pluginOfGraph)
    {
        IEnumerable<string> wanted = attribute.MuninField is { } field ? [OfGraph(MuninAnswer.Split(field).Graph.Split('.')[0])]
            : attribute == PolicyAttribute.HostCpu || attribute == PolicyAttribute.HostCpuIoWait || attribute == PolicyAttribute.HostCpuSteal ? ["cpu"]
            : attribute == PolicyAttribute.HostMemory || attribute == PolicyAttribute.HostSwap ? ["memory"]
            : attribute == PolicyAttribute.HostLoad ? ["load"]
            : attribute == PolicyAttribute.HostUptime ? ["uptime"]
            : attribute == PolicyAttribute.HostNetIn || attribute == PolicyAttribute.HostNetOut ? plugins.Where(PhysicalDevices.IsNetworkPlugin)
            : attribute == PolicyAttribute.HostDiskRead || attribute == PolicyAttribute.HostDiskWrite ? ["diskstats"]
            : attribute == PolicyAttribute.HostPower ? PowerPlugins.Where(plugins.Contains).Take(1)
            : [];
        return wanted.Where(plugins.Contains);

        string OfGraph(string graph) => plugins.Contains(graph) ? graph : pluginOfGraph.GetValueOrDefault(graph) ?? "";
    }

    /// <summary>What is read and none of the node's plugins tells, each reason once.</summary>
    public static IEnumerable<(string Attributes, string Because)> Lacking(IEnumerable<PolicyAttribute> reads, MuninAnswer answer) => reads
        // Power that no sensor tells is taken from the host's curve.
        .Where(a => a != PolicyAttribute.HostPower && !PluginsFor(a, answer.Plugins, answer.PluginOfGraph).Any())
        .Select(a => (Because: a.MuninField is { } field ? answer.Lacks(field) : Of(a, 1, answer)?.UnknownBecause, a.Name))
        .Where(l => l.Because is not null)
        .GroupBy(l => l.Because!, l => l.Name, StringComparer.Ordinal)
        .Select(l => (string.Join(" ", l), $"{l.Key}; {string.Join(", ", l)} {(l.Count() == 1 ? "is" : "are")} unknown there"));

    /// <summary>Null: not an attribute that munin tells of.</summary>
    /// <param name="cpus">Of the host.</param>
    public static Figure? Of(PolicyAttribute attribute, int cpus, MuninAnswer answer)
    {
        if (attribute.Subject != SubjectKind.Host) return null;
        if (attribute.MuninField is { } field) return answer.Field(field);
        if (attribute == PolicyAttribute.HostCpu) return CpuBusy(answer).PercentOf(CpuTotal(answer));
        if (attribute == PolicyAttribute.HostCpuIoWait) return answer.Field("cpu.iowait").PercentOf(CpuTotal(answer));
        if (attribute == PolicyAttribute.HostCpuSteal) return answer.Field("cpu.steal").PercentOf(CpuTotal(answer));
        if (attribute == PolicyAttribute.HostMemory) return MemoryUsed(answer).PercentOf(MemoryTotal(answer));
        if (attribute == PolicyAttribute.HostSwap) return answer.Field("memory.swap").PercentOf(MemoryTotal(answer));
        if (attribute == PolicyAttribute.HostLoad) return answer.Field("load.load").Times(1.0 / Math.Max(1, cpus));
        if (attribute == PolicyAttribute.HostUptime) return answer.Field("uptime.uptime").Times(SecondsADay);
        if (attribute == PolicyAttribute.HostNetIn) return Network(answer, "down");
        if (attribute == PolicyAttribute.HostNetOut) return Network(answer, "up");
        if (attribute == PolicyAttribute.HostDiskRead) return Disks(answer, "rdbytes");
        if (attribute == PolicyAttribute.HostDiskWrite) return Disks(answer, "wrbytes");
        return attribute == PolicyAttribute.HostPower ? Power(answer) : null;
    }

    /// <summary>
    /// Time spent on anything but idling and waiting for IO. The fields of munin's <c>cpu</c> plugin are ticks a second by what they were spent
    /// on and add up to all CPUs; guest time is within user time already.
    /// </summary>
    private static Figure CpuBusy(MuninAnswer answer) => Sum(answer, "cpu", ["user", "system"], ["nice", "irq", "softirq", "steal"]);

    private static Figure CpuTotal(MuninAnswer answer) => Sum(answer, "cpu", ["idle", "user", "system"], ["nice", "irq", "softirq", "steal", "iowait"]);

    /// <summary>
    /// Memory that is neither free nor given back on demand (cache, buffers): what munin's <c>memory</c> plugin calls apps, which has the kernel's
    /// <c>vmalloc_used</c> in it already, the kernel's own, and what is shared (a guest's memory, too, where it lies in a file of /dev/shm).
    /// </summary>
    private static Figure MemoryUsed(MuninAnswer answer) => Sum(answer, "memory", ["apps"], ["page_tables", "slab", "per_cpu", "shmem"]);

    private static Figure MemoryTotal(MuninAnswer answer) =>
        Sum(answer, "memory", ["free", "apps"], ["page_tables", "slab", "per_cpu", "shmem", "cached", "buffers", "swap_cache"]);

    /// <summary>Bytes a second over the physical interfaces: the counters of munin's <c>if_*</c> plugins are bytes, bits only in its graphs.</summary>
    private static Figure Network(MuninAnswer answer, string field) => Figure.Sum(
        [.. answer.Plugins.Where(PhysicalDevices.IsNetworkPlugin).Select(p => answer.Field($"{p}.{field}"))],
        $"{answer.Node} has no plugin `if_*` of a physical interface");

    /// <summary>Bytes a second over the physical disks; what goes to a volume or array on them goes to them.</summary>
    private static Figure Disks(MuninAnswer answer, string field)
    {
        if (answer.WhySilent("diskstats") is { } silent) return Figure.Unknown(silent);
        var fields = answer.Poll.Readings.Keys.Where(k =>
            MuninAnswer.Split(k) is ("diskstats_throughput", var name) && name.EndsWith($"_{field}", StringComparison.Ordinal) && PhysicalDevices.IsDisk(name[..^(field.Length + 1)]));
        return Figure.Sum([.. fields.Select(answer.Field)], $"plugin `diskstats` of {answer.Node} shows no physical disk in use");
    }

    private static Figure Power(MuninAnswer answer)
    {
        if (PowerPlugins.FirstOrDefault(answer.Plugins.Contains) is not { } plugin) return Figure.Unknown($"{answer.Node} has neither plugin `ipmi_power` nor `sensors_power`");
        if (answer.WhySilent(plugin) is { } silent) return Figure.Unknown(silent);
        var sensors = answer.Poll.Readings.Keys.Where(k => MuninAnswer.Split(k).Graph == plugin).ToList();
        var whole = sensors.FirstOrDefault(s => WholeMachine.Any(w => s.Contains(w, StringComparison.OrdinalIgnoreCase)));
        return whole is not null ? answer.Field(whole) : Figure.Sum([.. sensors.Select(answer.Field)], $"plugin `{plugin}` of {answer.Node} has no sensor");
    }

    /// <summary>
    /// Unknown where one of the <paramref name="needed"/> is, or one of the others is there and yet unknown. One that the node does not have at
    /// all counts as nothing: which fields there are differs by kernel.
    /// </summary>
    private static Figure Sum(MuninAnswer answer, string plugin, string[] needed, string[] others) =>
        Figure.Sum([.. needed.Concat(others.Where(o => answer.Has($"{plugin}.{o}"))).Select(f => answer.Field($"{plugin}.{f}"))], "");
}
