using Ulm.Engine.Inventory;

namespace Ulm.Server.Configuration;

/// <summary>Reads one <c>[[host]]</c> table.</summary>
internal static class HostSection
{
    private const int MuninPort = 4949;

    private const double MostMbps = 10_000_000;

    public static HostConfig Read(ConfigSection host, ConfigSection power, bool postCopy, string folder)
    {
        var libvirt = host.Text("libvirt");
        var (muninHost, muninPort) = Munin(host);
        var watts = host.Numbers("watts");
        if (watts.Count is not (0 or PowerCurve.Points) || watts.Any(w => !(w >= 0 && w < 1e6)))
            host.Fault("watts", $"must be {PowerCurve.Points} figures of 0 W or more: the draw at 0, 10, ... 100 % CPU");
        var config = new HostConfig
        {
            Name = host.Text("name"),
            Cluster = host.Text("cluster", Host.DefaultCluster),
            LibvirtUri = libvirt,
            MigrationUri = host.Text("migration-uri", libvirt.Length > 0 ? libvirt : "?"),
            MuninHost = muninHost,
            MuninPort = muninPort,
            Cpus = host.Has("cpus") ? host.Whole("cpus", 1, 1, 4096) : null,
            CpuMips = host.Has("cpu-mips") ? host.Number("cpu-mips", 1000, 1, 1e6) : null,
            NetMbps = host.Has("net-mbps") ? host.Number("net-mbps", Host.DefaultNetMbps, 1, MostMbps) : null,
            Tags = [.. host.Texts("tags")],
            Watts = watts.Count == PowerCurve.Points ? [.. watts] : [],
            OffWatts = host.Number("off-watts", 0, 0, 1e6),
            BootTime = host.Has("boot-time") ? host.Duration("boot-time", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) : null,
            AllowsPostCopy = host.Flag("post-copy", postCopy),
            Power = PowerSection.Read(host, host.Text("name"), power, folder),
        };
        // Asked for here so that they are known keys even where they were not needed above.
        foreach (var key in new[] { "cpus", "cpu-mips", "net-mbps", "boot-time" }) host.Known(key);
        host.RefuseOthers();
        return config;
    }

    private static (string Host, int Port) Munin(ConfigSection host)
    {
        var address = host.Text("munin");
        var colon = address.LastIndexOf(':');
        if (address.Count(c => c == ':') > 1 && !address.StartsWith('['))
        {
            host.Fault("munin", $"\"{address}\" is ambiguous: write an IPv6 address in brackets, such as \"[fd00::11]:4949\"");
            return ("", MuninPort);
        }

        if (colon < 0 || address.EndsWith(']')) return (address.Trim('[', ']'), MuninPort);
        if (int.TryParse(address[(colon + 1)..], out var port) && port is > 0 and < 65536) return (address[..colon].Trim('[', ']'), port);
        host.Fault("munin", $"\"{address}\" is no address such as \"10.0.0.11:4949\"");
        return ("", MuninPort);
    }
}
