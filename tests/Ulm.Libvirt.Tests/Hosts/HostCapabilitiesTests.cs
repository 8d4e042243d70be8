namespace Ulm.Libvirt.Tests.Hosts;

public sealed class HostCapabilitiesTests
{
    private const string Qemu = """
        <capabilities>
          <host>
            <uuid>00000000-0000-4000-8000-000000000001</uuid>
            <cpu><arch>x86_64</arch><model>Skylake-Client-IBRS</model><vendor>Intel</vendor><feature name='ht'/></cpu>
          </host>
          <guest>
            <os_type>hvm</os_type>
            <arch name='x86_64'>
              <wordsize>64</wordsize>
              <machine maxCpus='255'>pc-i440fx-7.2</machine>
              <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
              <machine maxCpus='288'>pc-q35-7.2</machine>
              <domain type='qemu'/>
              <domain type='kvm'><machine maxCpus='1'>microvm</machine></domain>
            </arch>
          </guest>
          <guest><os_type>hvm</os_type><arch name='aarch64'><machine>virt-7.2</machine><domain type='qemu'/></arch></guest>
        </capabilities>
        """;

    [Fact]
    public void Parse_QemuHost_ReadsCpuUuidAndMachines()
    {
        var host = HostCapabilities.Parse(Qemu);

        Assert.Equal(Guid.Parse("00000000-0000-4000-8000-000000000001"), host.HostUuid);
        Assert.Equal(("x86_64", "Skylake-Client-IBRS", "Intel"), (host.Arch, host.CpuModel, host.CpuVendor));
        Assert.Equal(["microvm", "pc", "pc-i440fx-7.2", "pc-q35-7.2", "virt-7.2"], host.MachineTypes);
        Assert.Equal(["qemu", "kvm"], host.Guests[0].DomainTypes);
        Assert.Equal("<cpu><arch>x86_64</arch><model>Skylake-Client-IBRS</model><vendor>Intel</vendor><feature name=\"ht\" /></cpu>", host.CpuXml);
    }

    [Theory]
    [InlineData("<capabilities/>", "", null, 0)]
    [InlineData("<capabilities><host/></capabilities>", "", null, 0)]
    [InlineData("<capabilities><host><cpu><arch>i686</arch></cpu></host></capabilities>", "i686", null, 0)]
    [InlineData("<capabilities><host><uuid>no uuid</uuid><cpu><model>qemu64</model></cpu></host><guest/></capabilities>", "", "qemu64", 1)]
    [InlineData("<?xml version='1.0'?><!-- c --><capabilities><guest><arch/></guest></capabilities>", "", null, 1)]
    public void Parse_WhatIsMissing_IsNullOrEmpty(string xml, string arch, string? model, int guests)
    {
        var host = HostCapabilities.Parse(xml);

        Assert.Equal((arch, model, guests), (host.Arch, host.CpuModel, host.Guests.Length));
        Assert.Null(host.HostUuid);
        Assert.Empty(host.MachineTypes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<capabilities>")]
    [InlineData("<domain/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY e 'x'>]><capabilities>&e;</capabilities>")]
    public void Parse_OtherText_IsAFormatException(string xml) => Assert.Throws<FormatException>(() => HostCapabilities.Parse(xml));
}
