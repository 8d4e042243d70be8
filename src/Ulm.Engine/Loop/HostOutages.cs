using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>
/// Hosts whose power went though ULM had not told them to go: a crash, a pulled plug, somebody at the switch. What is off answers nobody and
/// looks as if all were well, so that it has to be said, with what went down with it.
/// </summary>
internal sealed class HostOutages
{
    /// <summary>By host that is up; null: it was when the last run ended, which did not leave what ran there.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>?> _ranThere = new(StringComparer.Ordinal);
    private readonly List<JournalEntry> _untold = [];
    private readonly SortedDictionary<string, ObservedFault> _out = new(StringComparer.Ordinal);

    /// <summary>Hosts that went and came back, for the journal.</summary>
    public IReadOnlyList<JournalEntry> Untold => _untold;

    /// <summary>The journal has all of <see cref="Untold"/>.</summary>
    public void Told() => _untold.Clear();

    /// <summary>What an earlier run left up is missed as if this one had seen it.</summary>
    public void WereUp(IEnumerable<string> hosts)
    {
        foreach (var host in hosts) _ranThere[host] = null;
    }

    /// <param name="facts">The site with what is being done to its hosts.</param>
    /// <param name="restarted">Hosts that went and came back since the look before, with what is known of that.</param>
    /// <param name="at">When it is told.</param>
    /// <returns>All hosts that are out now, by name.</returns>
    public IEnumerable<ObservedFault> Take(SiteFacts facts, IReadOnlyDictionary<string, string> restarted, DateTimeOffset at)
    {
        foreach (var (host, how) in restarted.OrderBy(r => r.Key, StringComparer.Ordinal).Where(r => _ranThere.TryGetValue(r.Key, out var vms) && !IsOrdered(r.Key, vms, facts)))
            _untold.Add(new JournalEntry(at, JournalKind.Fault, $"host {host} {how}; {What(_ranThere[host])}") { Subject = $"host/{host}" });
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

        if (!_ranThere.Remove(host.Name, out var vms) || IsOrdered(host.Name, vms, facts)) return;
        _out[host.Name] = new ObservedFault(host.Name, $"host {host.Name} went off though ULM did not tell it to; {What(vms)}");
    }

    /// <summary>It was told to go; or it is closed and empty, and somebody who works on it may well switch it off.</summary>
    private static bool IsOrdered(string host, IReadOnlyList<string>? ranThere, SiteFacts facts) => facts.ToldToGo.Contains(host) || (ranThere is not { Count: > 0 } && facts.Orders.ContainsKey(host));

    private static string What(IReadOnlyList<string>? ranThere) =>
        ranThere?.Count switch { null => "what ran there then is not known", 0 => "no VM ran there", 1 => $"vm {ranThere[0]} ran there", _ => $"{ranThere.Count} VMs ran there: {string.Join(", ", ranThere)}" };
}
