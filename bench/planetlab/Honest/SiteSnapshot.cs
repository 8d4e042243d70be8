using System.Globalization;
using System.Text.Json;
using Ulm.Engine.Inventory;
using Ulm.PlanetLab.Reference;
using Ulm.Server.Snapshots;

namespace Ulm.PlanetLab.Honest;

/// <summary>How long hosts take to boot and to shut down; both cost what they draw.</summary>
public sealed record HostSwitching(int BootSeconds, int ShutdownSeconds)
{
    /// <summary>As the reference has it.</summary>
    public static readonly HostSwitching Free = new(0, 0);

    public static readonly HostSwitching Real = new(180, 30);
}

/// <summary>The experiment's site as a snapshot that <c>ulm-server simulate</c> reads, with the VMs where the experiment puts them.</summary>
public static class SiteSnapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// The experiment's 4096 MB are for VMs alone. ULM keeps 5 % of a host's memory for the host itself, so hosts are entered with what leaves 4096 MB.
    /// </summary>
    private const int HostMemoryMiB = 4312;

    public static void Write(string path, TraceDay day, HostSwitching switching)
    {
        var placement = StartPlacement.Of(day);
        using var file = File.Create(path);
        JsonSerializer.Serialize(
            file,
            new
            {
                schema = "ulm.site/1",
                hosts = Enumerable.Range(0, Machines.HostCount).Select(n => Of(Machines.HostAt(n), switching)),
                vms = placement.Select((host, n) => Of(Machines.VmAt(n, day, Machines.HostAt(host).Name), day.Rows[n])),
            },
            Indented);
    }

    /// <summary>The day's loads as <c>ulm-server simulate --trace</c> reads them.</summary>
    public static void WriteTrace(string path, TraceDay day) => File.WriteAllLines(path, day.Rows.Select(r => $"{r.Name}\t{string.Join('\t', r.Percent)}")
        .Prepend($"#{Trace.Schema} start={day.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} step=300s metric=vm.cpu"));

    private static object Of(Host host, HostSwitching switching) => new
    {
        name = host.Name,
        cpus = host.Cpus,
        cpuMips = host.CpuMips,
        memoryMiB = HostMemoryMiB,
        netMbps = host.NetMbps,
        power = new { watts = host.Power.Watts, offWatts = host.Power.OffWatts, bootSeconds = switching.BootSeconds, shutdownSeconds = switching.ShutdownSeconds },
    };

    private static object Of(Vm vm, TraceRow row) => new
    {
        name = vm.Name,
        host = vm.Host,
        vcpus = vm.Vcpus,
        cpuMips = vm.CpuMips,
        memoryMiB = vm.MemoryBytes >> 20,
        cpu = row.Percent[0],
    };
}
