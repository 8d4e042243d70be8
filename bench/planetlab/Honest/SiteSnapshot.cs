using System.Text.Json;
using Ulm.Engine.Inventory;
using Ulm.PlanetLab.Reference;

namespace Ulm.PlanetLab.Honest;

/// <summary>The experiment's site as a snapshot that <c>ulm-server simulate</c> reads, with the VMs where the experiment puts them.</summary>
public static class SiteSnapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="boot">How long hosts take to boot.</param>
    public static void Write(string path, TraceDay day, TimeSpan boot)
    {
        var placement = StartPlacement.Of(day);
        using var file = File.Create(path);
        JsonSerializer.Serialize(
            file,
            new
            {
                schema = "ulm.site/1",
                hosts = Enumerable.Range(0, Machines.HostCount).Select(n => Of(Machines.HostAt(n), boot)),
                vms = placement.Select((host, n) => Of(Machines.VmAt(n, day, Machines.HostAt(host).Name), day.Rows[n])),
            },
            Indented);
    }

    private static object Of(Host host, TimeSpan boot) => new
    {
        name = host.Name,
        cpus = host.Cpus,
        cpuMips = host.CpuMips,
        memoryMiB = host.MemoryBytes >> 20,
        netMbps = host.NetMbps,
        power = new { watts = host.Power.Watts, offWatts = host.Power.OffWatts, bootSeconds = boot.TotalSeconds },
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
