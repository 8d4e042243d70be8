using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;

namespace Ulm.Server.Live;

/// <summary>What a guest's definition says about where it can run.</summary>
/// <param name="CpuXml">The CPU it needs, for the hypervisor of a target to compare; null: any will do (an emulated guest).</param>
/// <param name="NotMigratableBecause">Null if it can move.</param>
internal sealed record GuestDefinition(string? CpuXml, string? NotMigratableBecause)
{
    /// <summary>For a guest whose definition could not be read: nothing is risked with it.</summary>
    public static readonly GuestDefinition Unread = new(null, "its definition could not be read from libvirt");

    /// <param name="hostCpuXml">The CPU of the host it runs on: what a guest that sees its host's CPU needs anywhere else.</param>
    public static GuestDefinition Parse(string xml, string? hostCpuXml)
    {
        XElement domain;
        try
        {
            domain = XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return Unread;
        }

        var device = domain.Element("devices")?.Elements("hostdev").FirstOrDefault();
        var cpu = domain.Element("cpu");
        var emulated = (string?)domain.Attribute("type") == "qemu";
        var needed = emulated ? null : (string?)cpu?.Attribute("mode") is "custom" ? cpu.ToString(SaveOptions.DisableFormatting) : hostCpuXml;
        return new GuestDefinition(needed, device is null ? null : $"it uses a {(string?)device.Attribute("type") ?? "host"} device of its host");
    }
}

/// <summary>Definitions by guest, each read once. Safe to use from any thread.</summary>
internal sealed class GuestDefinitions
{
    private readonly ConcurrentDictionary<Guid, GuestDefinition> _known = [];

    public GuestDefinition? Find(Guid guest) => _known.GetValueOrDefault(guest);

    public async Task LearnAsync(ManagedHost host, HypervisorPoll poll, CancellationToken ct)
    {
        foreach (var guest in poll.Active.Where(g => !_known.ContainsKey(g.Uuid)))
        {
            try
            {
                _known[guest.Uuid] = GuestDefinition.Parse(await host.Libvirt.GetDomainXmlAsync(guest.Uuid, inactive: false, ct), poll.Capabilities?.CpuXml);
            }
            catch (Exception e) when (LibvirtFailure.Is(e))
            {
                // It may be gone again already; if not, the next poll asks once more.
            }
        }
    }
}
