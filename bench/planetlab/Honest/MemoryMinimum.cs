namespace Ulm.PlanetLab.Honest;

/// <summary>The fewest hosts whose memory holds all VMs of a day. CPU is not asked, so that no policy can do with fewer.</summary>
public static class MemoryMinimum
{
    private const int HostMB = 4096, SlotMB = 870, SlotsAHost = 4, FillerMB = 613;

    /// <summary>
    /// VMs of 870 and 1740 MB are one and two slots of a quarter of a host; four slots leave room for one of 613 MB, fewer for more of them. To fill
    /// slots first is best: a host that gives up a slot gains room for one or two small VMs, and a host of its own holds six.
    /// </summary>
    public static int Of(TraceDay day)
    {
        var sizes = Enumerable.Range(0, day.Rows.Count).Select(n => (int)(Machines.VmAt(n, day, "").MemoryBytes >> 20)).ToList();
        var (slots, fillers) = (sizes.Where(s => s != FillerMB).Sum(s => s / SlotMB), sizes.Count(s => s == FillerMB));
        var (full, rest) = (slots / SlotsAHost, slots % SlotsAHost);
        var left = fillers - full * ((HostMB - SlotsAHost * SlotMB) / FillerMB);
        if (rest > 0) left -= (HostMB - rest * SlotMB) / FillerMB;
        return full + (rest > 0 ? 1 : 0) + Math.Max(0, (left + HostMB / FillerMB - 1) / (HostMB / FillerMB));
    }
}
