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
    /// <param name="localStorage">Folders of hosts that are each host's own.</param>
    public static GuestDefinition Parse(string xml, string? hostCpuXml, IReadOnlyList<string>? localStorage = null)
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

        var cpu = domain.Element("cpu");
        var emulated = (string?)domain.Attribute("type") == "qemu";
        var needed = emulated ? null : (string?)cpu?.Attribute("mode") is "custom" ? cpu.ToString(SaveOptions.DisableFormatting) : hostCpuXml;
        return new GuestDefinition(needed, Ties.Of(domain, localStorage ?? []).FirstOrDefault());
    }
}

/// <summary>Definitions by guest. Each is read once on each host, and now and then again: devices come and go while a guest runs. Safe to use from any thread.</summary>
/// <param name="localStorage">Folders of hosts that are each host's own.</param>
internal sealed class GuestDefinitions(IReadOnlyList<string> localStorage)
{
    /// <summary>Within so many polls all are read again.</summary>
    private const int Polls = 30;

    private readonly ConcurrentDictionary<Guid, (GuestDefinition Definition, string Host, long Read)> _known = [];
    private long _reads;

    public GuestDefinition? Find(Guid guest) => _known.TryGetValue(guest, out var known) ? known.Definition : null;

    public void Keep(Func<Guid, bool> exists)
    {
        foreach (var gone in _known.Keys.Where(g => !exists(g)).ToList()) _known.TryRemove(gone, out _);
    }

    public async Task LearnAsync(ManagedHost host, HypervisorPoll poll, CancellationToken ct)
    {
        var active = poll.Active.Select(g => g.Uuid).ToList();
        var isNew = active.ToLookup(g => !_known.TryGetValue(g, out var known) || known.Host != host.Config.Name);
        var oldest = isNew[false].OrderBy(g => _known[g].Read).Take((active.Count + Polls - 1) / Polls);
        foreach (var guest in isNew[true].Concat(oldest))
        {
            try
            {
                var definition = GuestDefinition.Parse(await host.Libvirt.GetDomainXmlAsync(guest, inactive: false, ct), poll.Capabilities?.CpuXml, localStorage);
                _known[guest] = (definition, host.Config.Name, Interlocked.Increment(ref _reads));
            }
            catch (Exception e) when (LibvirtFailure.Is(e))
            {
                // It may be gone again already; if not, the next poll asks once more.
            }
        }
    }
}
