using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Engine.Inventory;

/// <summary>The hosts and VMs of one site at one instant. Immutable. Enumeration is by name, so that equal sites give equal plans.</summary>
public sealed class Site
{
    public static readonly Site Empty = new([], []);

    private readonly Dictionary<string, Host> _hosts;
    private readonly Dictionary<string, Vm> _vms;
    private readonly Dictionary<string, ImmutableArray<Vm>> _vmsByHost;
    private readonly Lazy<(Dictionary<string, int> Hosts, Dictionary<string, int> Vms)> _numbers;
    private SortedDictionary<string, ImmutableArray<Host>>? _clusters;

    /// <exception cref="ArgumentException">A name stands twice, or a VM is on a host that is not there: readers of outside data
    /// check this first and say so in their own words.</exception>
    public Site(IEnumerable<Host> hosts, IEnumerable<Vm> vms)
    {
        Hosts = [.. hosts.OrderBy(h => h.Name, StringComparer.Ordinal)];
        Vms = [.. vms.OrderBy(v => v.Name, StringComparer.Ordinal)];
        _hosts = Hosts.ToDictionary(h => h.Name, StringComparer.Ordinal);
        _vms = Vms.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var vm in Vms)
        {
            if (!_hosts.ContainsKey(vm.Host)) throw new ArgumentException($"vm {vm.Name} is on host {vm.Host}, which the site does not have");
        }

        _vmsByHost = Vms.GroupBy(v => v.Host, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal);
        _numbers = new(() => (
            Hosts.Select((h, i) => (h.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal),
            Vms.Select((v, i) => (v.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal)));
    }

    /// <summary>For sites that differ little from another one, and in no name: takes over what is sorted and indexed already.</summary>
    private Site(
        Site from, ImmutableArray<Host> hosts, Dictionary<string, Host> byName, ImmutableArray<Vm> vms, Dictionary<string, Vm> vmsByName, Dictionary<string, ImmutableArray<Vm>> vmsByHost) =>
        (_numbers, Hosts, _hosts, Vms, _vms, _vmsByHost) = (from._numbers, hosts, byName, vms, vmsByName, vmsByHost);

    public ImmutableArray<Host> Hosts { get; }

    public ImmutableArray<Vm> Vms { get; }

    /// <summary>The hosts of each cluster. A cluster is there as long as it has a host.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<Host>> Clusters => _clusters ??= new SortedDictionary<string, ImmutableArray<Host>>(
        Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.ToImmutableArray()), StringComparer.Ordinal);

    /// <summary>By name, the place in <see cref="Hosts"/>.</summary>
    internal Dictionary<string, int> HostNumbers => _numbers.Value.Hosts;

    /// <summary>By name, the place in <see cref="Vms"/>.</summary>
    internal Dictionary<string, int> VmNumbers => _numbers.Value.Vms;

    public Host Host(string name) => _hosts[name];

    public Vm Vm(string name) => _vms[name];

    public Host? FindHost(string name) => _hosts.GetValueOrDefault(name);

    public Vm? FindVm(string name) => _vms.GetValueOrDefault(name);

    /// <summary>All hosts, VMs or clusters, by name.</summary>
    public IEnumerable<SubjectRef> Subjects(SubjectKind kind) => kind switch
    {
        SubjectKind.Host => Hosts.Select(h => h.Ref),
        SubjectKind.Vm => Vms.Select(v => v.Ref),
        _ => Clusters.Keys.Select(SubjectRef.Cluster),
    };

    public ImmutableArray<Vm> VmsOn(string host) => _vmsByHost.GetValueOrDefault(host, []);

    /// <summary>The same site with one VM on another host.</summary>
    /// <exception cref="ArgumentException">The site has no such host.</exception>
    public Site WithVmOn(string vm, string host)
    {
        var before = _vms[vm];
        if (before.Host == host) return this;
        if (!_hosts.ContainsKey(host)) throw new ArgumentException($"the site has no host {host}", nameof(host));
        var after = before with { Host = host };
        var byHost = new Dictionary<string, ImmutableArray<Vm>>(_vmsByHost, StringComparer.Ordinal)
        {
            [before.Host] = VmsOn(before.Host).Remove(before),
            [host] = [.. VmsOn(host).Append(after).OrderBy(v => v.Name, StringComparer.Ordinal)],
        };
        return new Site(this, Hosts, _hosts, Vms.Replace(before, after), new Dictionary<string, Vm>(_vms, StringComparer.Ordinal) { [vm] = after }, byHost);
    }

    /// <param name="changeHost">Gives each host as it shall be; its name stays.</param>
    public Site With(Func<Host, Host> changeHost)
    {
        var hosts = Hosts.Select(changeHost).ToImmutableArray();
        return new Site(this, hosts, hosts.ToDictionary(h => h.Name, StringComparer.Ordinal), Vms, _vms, _vmsByHost);
    }
}
