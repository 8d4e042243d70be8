using System.Collections.Immutable;

namespace Ulm.Engine.Inventory;

/// <summary>The hosts and VMs of one site at one instant. Immutable. Enumeration is by name, so that equal sites give equal plans.</summary>
public sealed class Site
{
    public static readonly Site Empty = new([], []);

    private readonly Dictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Vm> _vms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<Vm>> _vmsByHost;

    /// <exception cref="ArgumentException">A name stands twice, or a VM is on a host that is not there: readers of outside data
    /// check this first and say so in their own words.</exception>
    public Site(IEnumerable<Host> hosts, IEnumerable<Vm> vms)
    {
        Hosts = [.. hosts.OrderBy(h => h.Name, StringComparer.Ordinal)];
        Vms = [.. vms.OrderBy(v => v.Name, StringComparer.Ordinal)];
        foreach (var host in Hosts) _hosts.Add(host.Name, host);
        foreach (var vm in Vms)
        {
            _vms.Add(vm.Name, vm);
            if (!_hosts.ContainsKey(vm.Host)) throw new ArgumentException($"vm {vm.Name} is on host {vm.Host}, which the site does not have");
        }

        _vmsByHost = Vms.GroupBy(v => v.Host, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal);
    }

    public ImmutableArray<Host> Hosts { get; }

    public ImmutableArray<Vm> Vms { get; }

    public Host Host(string name) => _hosts[name];

    public Vm Vm(string name) => _vms[name];

    public Host? FindHost(string name) => _hosts.GetValueOrDefault(name);

    public Vm? FindVm(string name) => _vms.GetValueOrDefault(name);

    public ImmutableArray<Vm> VmsOn(string host) => _vmsByHost.GetValueOrDefault(host, []);

    /// <summary>The same site with one VM on another host.</summary>
    public Site WithVmOn(string vm, string host) => new(Hosts, Vms.Select(v => v.Name == vm ? v with { Host = host } : v));

    public Site With(Func<Host, Host> changeHost) => new(Hosts.Select(changeHost), Vms);
}
