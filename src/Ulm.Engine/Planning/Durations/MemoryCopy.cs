using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Durations;

/// <summary>
/// How the memory of a VM that goes on running is copied: all of it, then again and again what was written to meanwhile, until the rest can be sent
/// while the VM is paused (iterative pre-copy; C. Clark et al., Live Migration of Virtual Machines, NSDI 2005).
/// </summary>
/// <param name="Rounds">The last one, with the VM paused, included.</param>
/// <param name="Bytes">What is sent, all rounds together; infinite where the copy does not end by itself.</param>
/// <param name="BytesPerSecond">Of the slower of the two links, had the migration it for itself, as far as it may use it.</param>
public readonly record struct MemoryCopy(int Rounds, double Bytes, double BytesPerSecond)
{
    /// <summary>Setting up and handing over, beside the copying itself.</summary>
    public static readonly TimeSpan SetUp = TimeSpan.FromSeconds(2);

    /// <summary>For so long a VM may be paused at the end: QEMU's own default (<c>downtime-limit</c>, 300 ms).</summary>
    public static readonly TimeSpan Downtime = TimeSpan.FromMilliseconds(300);

    /// <summary>What would go on for a year has no end.</summary>
    private const double MostSeconds = 365 * 86400;

    private const double BytesPerSecondPerMbps = 125_000;

    /// <summary>A link so slow that nothing would ever arrive is taken for one of 8 Mbit/s.</summary>
    private const double LeastMbps = 8;

    /// <summary>False: the VM writes to its memory as fast as it can be sent, or faster.</summary>
    public bool Ends => double.IsFinite(Bytes);

    /// <summary>From its beginning until the VM runs on its new host; null: it does not end.</summary>
    public TimeSpan? Takes => Ends ? SetUp + TimeSpan.FromSeconds(Bytes / BytesPerSecond) : null;

    /// <summary>
    /// How fast a copy comes nearer to its end while it has so much of the links: bytes of the VM's memory a second, those not counted that are sent in place of
    /// others written to meanwhile; 0 where it would never end so.
    /// </summary>
    public static double Gains(double memory, double dirty, double bytesPerSecond) => Of(memory, dirty, bytesPerSecond) is { Ends: true } copy
        ? copy.Bytes > 0 ? bytesPerSecond * (memory / copy.Bytes) : bytesPerSecond
        : 0;

    /// <param name="most">Bytes per second that are copied at most, whatever the links carry.</param>
    public static MemoryCopy Of(Vm vm, Host from, Host to, double most = double.PositiveInfinity) =>
        Of(vm.MemoryBytes, vm.DirtyBytesPerSecond ?? 0, Math.Min(most, Math.Min(LinkOf(from), LinkOf(to))));

    /// <param name="dirty">Bytes that the VM writes to each second.</param>
    public static MemoryCopy Of(double memory, double dirty, double bytesPerSecond)
    {
        var (rest, ratio, most) = (memory, dirty / bytesPerSecond, bytesPerSecond * Downtime.TotalSeconds);
        if (rest <= most) return new MemoryCopy(1, memory, bytesPerSecond);
        if (!(ratio < 1)) return new MemoryCopy(0, double.PositiveInfinity, bytesPerSecond);
        // The rest shrinks by the same ratio in each round.
        var again = ratio > 0 ? Math.Max(1, Math.Ceiling(Math.Log(most / rest) / Math.Log(ratio))) : 0;
        var bytes = ratio > 0 ? memory * (1 - Math.Pow(ratio, again + 1)) / (1 - ratio) : memory;
        return bytes / bytesPerSecond > MostSeconds ? new MemoryCopy(0, double.PositiveInfinity, bytesPerSecond) : new MemoryCopy(1 + (int)again, bytes, bytesPerSecond);
    }

    /// <returns>Bytes per second that a host's link carries.</returns>
    public static double LinkOf(Host host) => Math.Max(LeastMbps, host.NetMbps) * BytesPerSecondPerMbps;
}
