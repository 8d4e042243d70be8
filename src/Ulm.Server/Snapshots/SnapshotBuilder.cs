using System.Collections.Immutable;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>Makes a site of the hosts and VMs of a snapshot, and notes where they contradict one another.</summary>
internal sealed class SnapshotBuilder(FileFaults faults, TextPositions positions)
{
    private readonly HostFields _hostFields = new(faults, positions);
    private readonly VmFields _vmFields = new(faults, positions);
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VmDraft> _vms = new(StringComparer.Ordinal);

    /// <summary>Hosts that stand in the file with a fault of their own: a VM on one of them has none.</summary>
    private readonly HashSet<string> _faultyHosts = new(StringComparer.Ordinal);

    private readonly Dictionary<string, JsonNode> _hostNodes = new(StringComparer.Ordinal);

    /// <summary>Null where the file does not tell.</summary>
    public ImmutableHashSet<string>? MuninFields { get; set; }

    public void AddHost(JsonNode node)
    {
        var (names, host) = _hostFields.Read(node);
        if (_hosts.Count + names.Count > HostRange.MostHosts)
        {
            Fault(node, $"a site has at most {HostRange.MostHosts} hosts");
            return;
        }

        foreach (var name in names)
        {
            if (!_hostNodes.TryAdd(name, node)) Fault(node, $"host {name} stands twice, the first time in {_hostNodes[name].Path}", "each host has a name of its own");
            else if (host is null) _faultyHosts.Add(name);
            else _hosts.Add(name, host with { Name = name });
        }
    }

    public void AddVm(JsonNode node)
    {
        if (_vmFields.Read(node) is not { } vm) return;
        if (!_vms.TryAdd(vm.Name, vm)) Fault(node, $"vm {vm.Name} stands twice: first on host {_vms[vm.Name].Host} ({_vms[vm.Name].Node.Path}), then on host {vm.Host}", "a VM runs once");
    }

    /// <returns>Null where anything was wrong with the file.</returns>
    public SiteSnapshot? Build()
    {
        foreach (var vm in _vms.Values) CheckPlace(vm);
        if (faults.Any) return null;
        var vms = _vms.Values.Select(v => v.ToVm(_hosts[v.Host]));
        return new SiteSnapshot(new Site(_hosts.Values, vms), _vms.Values.ToDictionary(v => v.Name, v => v.CpuPercent, StringComparer.Ordinal)) { MuninFields = MuninFields };
    }

    private void CheckPlace(VmDraft vm)
    {
        if (_faultyHosts.Contains(vm.Host)) return;
        if (!_hosts.TryGetValue(vm.Host, out var host))
        {
            var nearest = faults.WantsMore ? NearestWord.Find(vm.Host, _hosts.Keys.Concat(_faultyHosts)) : null;
            Fault(vm.HostNode, $"vm {vm.Name} is on host {vm.Host}, which the snapshot does not have", nearest is null ? null : $"did you mean `{nearest}`?");
            return;
        }

        if (host.State is HostState.Off or HostState.PoweringOn)
            Fault(vm.HostNode, $"vm {vm.Name} is on host {host.Name}, which is {Engine.Facts.SiteFacts.Describe(host.State)}", "leave out VMs that do not run");
        if (vm.MemoryBytes > host.MemoryBytes)
            Fault(vm.Node, $"vm {vm.Name} has more memory ({vm.MemoryBytes >> 20}MiB) than its host {host.Name} ({host.MemoryBytes >> 20}MiB)");
    }

    private void Fault(JsonNode at, string message, string? help = null) => faults.Add(at, positions, message, help);
}
