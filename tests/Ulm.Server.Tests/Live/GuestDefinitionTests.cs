using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class GuestDefinitionTests
{
    private const string HostCpu = "<cpu><model>Host</model></cpu>";

    [Theory]
    [InlineData("<domain type='qemu'><cpu mode='custom'><model>qemu64</model></cpu></domain>", null)]
    [InlineData("<domain type='kvm'><cpu mode='custom'><model>Skylake</model></cpu></domain>", "<cpu mode=\"custom\"><model>Skylake</model></cpu>")]
    [InlineData("<domain type='kvm'><cpu mode='host-passthrough'/></domain>", HostCpu)]
    [InlineData("<domain type='kvm'><cpu mode='host-model'/></domain>", HostCpu)]
    [InlineData("<domain type='kvm'/>", HostCpu)]
    public void The_cpu_a_guest_needs_follows_how_it_was_defined(string xml, string? needs) =>
        Assert.Equal(needs, GuestDefinition.Parse(xml, HostCpu).CpuXml);

    [Fact]
    public void A_guest_with_a_device_of_its_host_stays() => Assert.Contains(
        "pci device", GuestDefinition.Parse("<domain type='kvm'><devices><hostdev mode='subsystem' type='pci'/></devices></domain>", HostCpu).NotMigratableBecause);

    [Theory]
    [InlineData("")]
    [InlineData("<domain>")]
    [InlineData("no xml")]
    public void A_definition_that_makes_no_sense_keeps_the_guest_where_it_is(string xml) =>
        Assert.NotNull(GuestDefinition.Parse(xml, HostCpu).NotMigratableBecause);
}
