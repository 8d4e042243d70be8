using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;

namespace Ulm.Libvirt;

/// <summary>
/// The parts of a host's capabilities that decide where guests can run (<c>virConnectGetCapabilities</c>, formatcaps.html). Immutable.
/// </summary>
/// <param name="HostUuid">The host's own UUID; null where the driver has none.</param>
/// <param name="Arch">The host CPU's architecture, such as x86_64; empty where not told.</param>
/// <param name="CpuModel">The closest named CPU model, such as Skylake-Client-IBRS; null where not told.</param>
/// <param name="CpuVendor">The CPU vendor; null where not told.</param>
/// <param name="CpuXml">The host's <c>&lt;cpu&gt;</c> element, as <see cref="LibvirtConnection.CompareCpuAsync"/> takes it on another
/// host; null where not told.</param>
/// <param name="Guests">What guests the hypervisor can run, per architecture.</param>
public sealed record HostCapabilities(
    Guid? HostUuid, string Arch, string? CpuModel, string? CpuVendor, string? CpuXml, ImmutableArray<GuestCapability> Guests)
{
    private static readonly XmlReaderSettings NoDtd = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>
    /// Every machine type of every guest architecture, canonical names and aliases, without duplicates, in ordinal order.
    /// </summary>
    public ImmutableArray<string> MachineTypes =>
        [.. Guests.SelectMany(guest => guest.MachineTypes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads capabilities XML; what is missing comes out as null or empty.</summary>
    /// <exception cref="FormatException">Not well-formed, or not capabilities.</exception>
    public static HostCapabilities Parse(string xml)
    {
        var root = Load(xml);
        var host = root.Element("host");
        var cpu = host?.Element("cpu");
        return new HostCapabilities(
            Guid.TryParse(host?.Element("uuid")?.Value, out var uuid) ? uuid : null,
            cpu?.Element("arch")?.Value ?? "",
            cpu?.Element("model")?.Value,
            cpu?.Element("vendor")?.Value,
            cpu?.ToString(SaveOptions.DisableFormatting),
            [.. root.Elements("guest").Select(Guest)]);
    }

    private static XElement Load(string xml)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), NoDtd);
            var root = XElement.Load(reader);
            return root.Name == "capabilities" ? root : throw new FormatException($"Not host capabilities: the root element is <{root.Name}>");
        }
        catch (XmlException e)
        {
            throw new FormatException($"Not host capabilities: {e.Message}", e);
        }
    }

    private static GuestCapability Guest(XElement guest)
    {
        var arch = guest.Element("arch");
        var domains = arch?.Elements("domain") ?? [];
        // Machines are listed for the architecture and again, where they differ, for a domain type.
        var machines = (arch?.Elements("machine") ?? []).Concat(domains.Elements("machine"));
        return new GuestCapability(
            arch?.Attribute("name")?.Value ?? "",
            guest.Element("os_type")?.Value ?? "",
            [.. domains.Select(domain => domain.Attribute("type")?.Value).OfType<string>().Distinct(StringComparer.Ordinal)],
            [.. machines.SelectMany(machine => new[] { machine.Attribute("canonical")?.Value, machine.Value }).OfType<string>()
                .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)]);
    }
}

/// <summary>One kind of guest a host can run.</summary>
/// <param name="Arch">The guest's architecture.</param>
/// <param name="OsType">Such as hvm.</param>
/// <param name="DomainTypes">Such as qemu and kvm.</param>
/// <param name="MachineTypes">Such as pc-q35-7.2 and its alias q35.</param>
public sealed record GuestCapability(string Arch, string OsType, ImmutableArray<string> DomainTypes, ImmutableArray<string> MachineTypes);
