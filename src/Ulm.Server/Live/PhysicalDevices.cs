using System.Text.RegularExpressions;

namespace Ulm.Server.Live;

/// <summary>
/// Tells by name which interfaces and disks are the machine's own. Those made of them (bridges, bonds, VLANs, guests' taps; volumes, arrays,
/// partitions) would count the same bytes a second time.
/// </summary>
internal static partial class PhysicalDevices
{
    /// <summary>True of <c>if_eth0</c>; false of <c>if_br0</c>, and of <c>if_err_eth0</c>, which counts errors.</summary>
    public static bool IsNetworkPlugin(string plugin) =>
        plugin.StartsWith("if_", StringComparison.Ordinal) && !plugin.StartsWith("if_err_", StringComparison.Ordinal) && IsNetwork(plugin[3..]);

    public static bool IsNetwork(string name) => name.Length > 0 && !VirtualInterface().IsMatch(name);

    /// <summary>True of <c>sda</c>, <c>nvme0n1</c>, <c>vdb</c>; false of <c>dm-0</c>, <c>md1</c>, <c>loop0</c>, <c>vg0_root</c>, and of a partition.</summary>
    public static bool IsDisk(string name) => Disk().IsMatch(name);

    // With a dot or an @: a VLAN on another interface. fw..: Proxmox's firewall bridges.
    [GeneratedRegex(@"[.@]|^(lo|(vnet|virbr|veth|tap|tun|docker|br|vmbr|bond|team|dummy|ovs|wg|cali|flannel|cni|kube|lxc|lxd|ifb|sit|gre|ip6|vxlan|vlan|macvtap|macvlan|fw(br|ln|pr)).*)$")]
    private static partial Regex VirtualInterface();

    [GeneratedRegex(@"^((s|h|v|xv)d[a-z]+|nvme\d+n\d+|mmcblk\d+|dasd[a-z]+|cciss_c\d+d\d+|etherd_e\d+_\d+)$")]
    private static partial Regex Disk();
}
