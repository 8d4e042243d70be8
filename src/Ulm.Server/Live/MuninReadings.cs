using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>What munin's standard plugins say of a host, in the attributes that policies read.</summary>
internal static class MuninReadings
{
    /// <summary>The plugins that are asked for.</summary>
    public static readonly string[] Plugins = ["cpu", "memory", "load"];

    /// <summary>
    /// Set if the node said nothing at all: it can't be reached, or it took the connection and then hung. One that answers for some plugin,
    /// or says that it has none of them, is there.
    /// </summary>
    public static MuninException? Silence(MuninPoll poll) => poll.NodeFault
        ?? (poll.Faults.Count == Plugins.Length && poll.Faults.Values.All(f => f.Fault is MuninFault.Timeout or MuninFault.ConnectionClosed) ? poll.Faults.Values.First() : null);

    public static IEnumerable<Measurement> Of(string host, int cpus, MuninPoll poll)
    {
        var subject = SubjectRef.Host(host);
        if (Cpu(poll) is { } cpu) yield return new Measurement(subject, PolicyAttribute.HostCpu, cpu.At, cpu.Value);
        if (Memory(poll) is { } memory) yield return new Measurement(subject, PolicyAttribute.HostMemory, memory.At, memory.Value);
        if (Known(poll, "load.load") is { } load) yield return new Measurement(subject, PolicyAttribute.HostLoad, load.At, load.Value / Math.Max(1, cpus));
    }

    /// <summary>
    /// Per cent busy. The fields of munin's <c>cpu</c> plugin are ticks a second by what they were spent on and add up to all CPUs, so
    /// busy is what is neither idle nor waiting for IO; guest time is within user time already.
    /// </summary>
    private static (double Value, DateTimeOffset At)? Cpu(MuninPoll poll)
    {
        if (Known(poll, "cpu.idle") is not { } idle) return null;
        if (Sum(poll, "cpu", ["user", "system"], ["nice", "irq", "softirq", "steal"]) is not { } busy) return null;
        if (Sum(poll, "cpu", [], ["iowait"]) is not { } waiting) return null;
        var total = busy + idle.Value + waiting;
        return total > 0 ? (busy / total * 100, idle.At) : null;
    }

    /// <summary>Per cent of memory that is neither free nor given back on demand (cache, buffers): what munin's <c>memory</c> plugin calls apps and the kernel's own.</summary>
    private static (double Value, DateTimeOffset At)? Memory(MuninPoll poll)
    {
        if (Known(poll, "memory.free") is not { } free) return null;
        if (Sum(poll, "memory", ["apps"], ["page_tables", "slab", "vmalloc_used"]) is not { } used) return null;
        if (Sum(poll, "memory", [], ["cached", "buffers", "swap_cache"]) is not { } givenBack) return null;
        var total = used + free.Value + givenBack;
        return total > 0 ? (used / total * 100, free.At) : null;
    }

    /// <summary>
    /// Null: one of the <paramref name="needed"/> is not known, or one of the others is there and yet unknown. One that the node does not have at
    /// all counts as nothing: which fields there are differs by kernel.
    /// </summary>
    private static double? Sum(MuninPoll poll, string plugin, string[] needed, string[] others)
    {
        var sum = 0.0;
        foreach (var name in needed.Concat(others.Where(o => poll.Readings.ContainsKey($"{plugin}.{o}"))))
        {
            if (Known(poll, $"{plugin}.{name}") is not { } field) return null;
            sum += field.Value;
        }

        return sum;
    }

    private static (double Value, DateTimeOffset At)? Known(MuninPoll poll, string name) =>
        poll.Readings.TryGetValue(name, out var reading) && reading.Value is { } value ? (value, reading.At) : null;
}
