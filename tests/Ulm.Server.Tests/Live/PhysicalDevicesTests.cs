using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class PhysicalDevicesTests
{
    [Theory]
    [InlineData("eth0", true)]
    [InlineData("eno1", true)]
    [InlineData("enp3s0f0", true)]
    [InlineData("ib0", true)]
    [InlineData("lan", true)]
    [InlineData("lo", false)]
    [InlineData("vnet12", false)]
    [InlineData("br0", false)]
    [InlineData("bond0", false)]
    [InlineData("eth0.100", false)]
    [InlineData("fwbr101i0", false)]
    [InlineData("", false)]
    public void Interfaces_made_of_others_do_not_count(string name, bool physical) => Assert.Equal(physical, PhysicalDevices.IsNetwork(name));

    [Theory]
    [InlineData("sda", true)]
    [InlineData("sdab", true)]
    [InlineData("vdb", true)]
    [InlineData("nvme0n1", true)]
    [InlineData("mmcblk0", true)]
    [InlineData("sda1", false)]
    [InlineData("nvme0n1p2", false)]
    [InlineData("dm_0", false)]
    [InlineData("md127", false)]
    [InlineData("loop3", false)]
    [InlineData("vg0_root", false)]
    public void Volumes_and_partitions_do_not_count(string name, bool physical) => Assert.Equal(physical, PhysicalDevices.IsDisk(name));
}
