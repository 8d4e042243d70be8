namespace Ulm.Engine.Inventory;

/// <summary>One boot that was seen through.</summary>
/// <param name="Took">From the order to power on until the hypervisor answered.</param>
public readonly record struct Boot(string Host, TimeSpan Took);

/// <summary>
/// How long hosts take to boot, learned from those that were powered on. Filled from the journal at the start, so that a restart forgets
/// nothing. Used from the engine's one thread only.
/// </summary>
public sealed class BootTimes
{
    /// <summary>Of each host the newest so many count: firmware and disks change.</summary>
    public const int KeptPerHost = 20;

    private readonly Dictionary<string, Queue<TimeSpan>> _learned = new(StringComparer.Ordinal);

    /// <summary>To be called in the order of time.</summary>
    public void Learn(Boot boot)
    {
        // The clock was set back meanwhile.
        if (boot.Took <= TimeSpan.Zero) return;
        if (!_learned.TryGetValue(boot.Host, out var boots)) _learned.Add(boot.Host, boots = new Queue<TimeSpan>());
        boots.Enqueue(boot.Took);
        if (boots.Count > KeptPerHost) boots.Dequeue();
    }

    /// <summary>What 95 % of the host's boots did not exceed (nearest rank); as configured until one was seen.</summary>
    public TimeSpan Of(Host host)
    {
        if (!_learned.TryGetValue(host.Name, out var boots)) return host.BootTime;
        var ordered = boots.Order().ToList();
        return ordered[(int)Math.Ceiling(0.95 * ordered.Count) - 1];
    }
}
