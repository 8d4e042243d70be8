using Ulm.Dsl;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Embedded;

/// <summary>The site a newcomer sees: twelve hosts, eighty VMs, load that rises in the morning and falls in the evening.</summary>
internal static class EmbeddedSite
{
    private const int HostCount = 12;
    private const int VmCount = 80;
    private const long GiB = 1L << 30;

    /// <summary>A Monday, early enough that the first hosts are overloaded within seconds of watching.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    public const int Seed = 7;

    public static Site Create()
    {
        var hosts = Enumerable.Range(1, HostCount).Select(i => new Host
        {
            Name = $"host{i:00}",
            Cpus = 12,
            MemoryBytes = (i <= 8 ? 96 : 128) * GiB,
            BootTime = TimeSpan.FromMinutes(2 + i % 3),
        });
        var vms = Enumerable.Range(0, VmCount).Select(i => new Vm
        {
            Name = $"{Role(i)}{i:00}",
            Host = $"host{i % HostCount + 1:00}",
            Vcpus = i % 5 == 0 ? 4 : 2,
            CpuMips = Host.DefaultCpuMips,
            MemoryBytes = (i % 7 == 0 ? 16 : i % 3 == 0 ? 8 : 4) * GiB,
        });
        return new Site(hosts, vms);
    }

    public static IReadOnlyList<SourceText> Policies()
    {
        using var stream = typeof(EmbeddedSite).Assembly.GetManifestResourceStream("embedded.ulm")!;
        using var reader = new StreamReader(stream);
        return [new SourceText("embedded.ulm", reader.ReadToEnd())];
    }

    private static string Role(int i) => (i % 4) switch { 0 => "web", 1 => "app", 2 => "db", _ => "job" };
}
