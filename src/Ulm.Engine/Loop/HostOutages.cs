using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Loop;

/// <summary>
/// Hosts whose power went though ULM had not told them to go: a crash, a pulled plug, somebody at the switch. What is off answers nobody and
/// looks as if all were well, so that it has to be said, with what went down with it.
/// </summary>
internal sealed class HostOutages
{
    private readonly Dictionary<string, IReadOnlyList<string>> _ranThere = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ObservedFault> _out = new(StringComparer.Ordinal);

    /// <param name="facts">The site with what is being done to its hosts.</param>
    /// <returns>All hosts that are out now, by name.</returns>
    public IEnumerable<ObservedFault> Take(SiteFacts facts)
    {
        foreach (var host in facts.Site.Hosts) Watch(host, facts);
        foreach (var gone in _out.Keys.Where(h => facts.Site.FindHost(h) is null).ToList()) _out.Remove(gone);
        return [.. _out.Values];
    }

    private void Watch(Host host, SiteFacts facts)
    {
        if (host.State is not HostState.Off)
        {
            _ranThere[host.Name] = [.. facts.Site.VmsOn(host.Name).Select(v => v.Name)];
            // One that does not answer may be off as well: only an answer ends an outage.
            if (host.State != HostState.Unreachable) _out.Remove(host.Name);
            return;
        }

        if (!_ranThere.Remove(host.Name, out var vms) || facts.ToldToGo.Contains(host.Name) || facts.Orders.ContainsKey(host.Name)) return;
        var lost = vms.Count switch { 0 => "no VM ran there", 1 => $"vm {vms[0]} ran there", _ => $"{vms.Count} VMs ran there: {string.Join(", ", vms)}" };
        _out[host.Name] = new ObservedFault(host.Name, $"host {host.Name} went off though ULM did not tell it to; {lost}");
    }
}
