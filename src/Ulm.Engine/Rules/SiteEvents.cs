using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules;

/// <summary>
/// Tells from one look to the next what happened to hosts and VMs. The first look after a start tells nothing: what was before is not
/// known. A host that misses a poll or two has not failed: it fails once it did not answer for three polling intervals, at which its last
/// figures count no longer, or at once where its BMC says that it is off and nobody told it to go.
/// </summary>
public sealed class SiteEvents
{
    private readonly Dictionary<string, DateTimeOffset> _answered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private Site? _before;

    /// <summary>What has happened since the last call: first of subjects that are gone, then of all others; each by name.</summary>
    public IReadOnlyList<SiteEvent> Take(SiteFacts facts)
    {
        var events = new List<SiteEvent>();
        if (_before is { } before && !ReferenceEquals(before, facts.Site))
        {
            foreach (var host in before.Hosts) if (facts.Site.FindHost(host.Name) is null) events.Add(new SiteEvent(SubjectEvent.HostLeaves, host.Ref));
            foreach (var vm in before.Vms) if (facts.Site.FindVm(vm.Name) is null) events.Add(new SiteEvent(SubjectEvent.VmStops, vm.Ref));
            foreach (var host in facts.Site.Hosts) if (before.FindHost(host.Name) is null) events.Add(new SiteEvent(SubjectEvent.HostJoins, host.Ref));
            foreach (var vm in facts.Site.Vms) if (before.FindVm(vm.Name) is null) events.Add(new SiteEvent(SubjectEvent.VmStarts, vm.Ref));
        }

        foreach (var gone in events.Where(e => e.Event == SubjectEvent.HostLeaves)) Forget(gone.Subject.Name);
        foreach (var host in facts.Site.Hosts)
        {
            if (Watch(host, facts) is { } happened) events.Add(new SiteEvent(happened, host.Ref));
        }

        _before = facts.Site;
        return events;
    }

    private SubjectEvent? Watch(Host host, SiteFacts facts)
    {
        switch (host.State)
        {
            case HostState.On or HostState.Draining:
                _answered[host.Name] = facts.At;
                return _failed.Remove(host.Name) ? SubjectEvent.HostReturns : null;
            case HostState.Maintenance or HostState.PoweringOff or HostState.PoweringOn or HostState.Failed:
                // Someone works on it: whatever it does next was to be expected.
                Forget(host.Name);
                return null;
            case HostState.Off or HostState.Unreachable when facts.ToldToGo.Contains(host.Name):
                Forget(host.Name);
                return null;
            case HostState.Unreachable when _before is null:
                _failed.Add(host.Name);
                return null;
            default:
                if (!_answered.TryGetValue(host.Name, out var last) || (host.State == HostState.Unreachable && facts.At - last < facts.StaleAfter)) return null;
                _answered.Remove(host.Name);
                _failed.Add(host.Name);
                return SubjectEvent.HostFails;
        }
    }

    private void Forget(string host)
    {
        _answered.Remove(host);
        _failed.Remove(host);
    }
}
