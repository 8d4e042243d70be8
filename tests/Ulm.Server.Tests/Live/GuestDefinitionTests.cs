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

    [Theory]
    [InlineData("<hostdev mode='subsystem' type='pci'/>", "it uses a pci device of its host")]
    [InlineData("<interface type='hostdev'/>", "it uses a network device of its host")]
    [InlineData("<interface type='hostdev'><teaming type='transient' persistent='ua-1'/></interface>", null)]
    [InlineData("<interface type='network'/>", null)]
    [InlineData("<disk type='nvme' device='disk'/>", "it uses an NVMe device of its host")]
    [InlineData("<disk type='file' device='disk'><source file='/srv/shared/a.qcow2'/><transient/><target dev='vda'/></disk>", "what it writes to disk vda is kept on its host until it stops")]
    [InlineData("<disk type='file' device='disk'><source file='/var/local/a.qcow2'/></disk>", "its disk /var/local/a.qcow2 is in /var/local/, which each host has for itself")]
    [InlineData("<disk type='file' device='disk'><source file='/var/locality/a.qcow2'/></disk>", null)]
    [InlineData("<disk type='file' device='cdrom'><source file='/var/local/setup.iso'/></disk>", null)]
    [InlineData("<disk type='network' device='disk'><source protocol='rbd' name='pool/a'/></disk>", null)]
    [InlineData("<filesystem type='mount'><source dir='/srv/data'/></filesystem>", "it uses the folder /srv/data of its host")]
    [InlineData("<tpm><backend type='passthrough'/></tpm>", "it uses the TPM of its host")]
    [InlineData("<tpm><backend type='emulator'/></tpm>", null)]
    [InlineData("<shmem name='ring'/>", "it shares memory (ring) with others on its host")]
    public void What_ties_a_guest_to_its_host_is_known_beforehand(string device, string? stays) =>
        Assert.Equal(stays, GuestDefinition.Parse($"<domain type='kvm'><devices>{device}</devices></domain>", HostCpu, ["/var/local/"]).NotMigratableBecause);

    [Theory]
    [InlineData("<launchSecurity type='sev'/>", "its memory is encrypted by its host's CPU (sev)")]
    [InlineData("<cpu><feature policy='require' name='invtsc'/></cpu>", "it counts on the time stamp counter of its host (invtsc)")]
    [InlineData("<cpu><feature policy='require' name='invtsc'/></cpu><clock><timer name='tsc' frequency='2400000000'/></clock>", null)]
    public void So_is_what_its_CPU_ties_it_to(string part, string? stays) =>
        Assert.Equal(stays, GuestDefinition.Parse($"<domain type='kvm'>{part}</domain>", HostCpu).NotMigratableBecause);

    [Theory]
    [InlineData("")]
    [InlineData("<domain>")]
    [InlineData("no xml")]
    public void A_definition_that_makes_no_sense_keeps_the_guest_where_it_is(string xml) =>
        Assert.NotNull(GuestDefinition.Parse(xml, HostCpu).NotMigratableBecause);
}
