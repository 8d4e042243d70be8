using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>
/// Looks at a simulated site from outside after every change and notes each safety rule or constraint that does not hold. It shares
/// no code with planner or executor beyond the constraint sentences themselves: it would be a poor witness otherwise.
/// </summary>
public sealed class SafetyChecker
{
    private readonly ConstraintWitness _constraints;
    private readonly Dictionary<string, string> _placeAtStart;
    private readonly HashSet<string> _overAtStart;
    private readonly HashSet<string> _occupiedAtStart;
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    public SafetyChecker(Site start, IEnumerable<StandingConstraint> constraints)
    {
        _constraints = new ConstraintWitness(start, constraints);
        _placeAtStart = start.Vms.ToDictionary(v => v.Name, v => v.Host);
        _overAtStart = start.Hosts.Where(h => MemoryOn(start, h) > h.MemoryBytes).Select(h => h.Name).ToHashSet();
        _occupiedAtStart = start.Hosts.Where(h => h.State != HostState.On && start.VmsOn(h.Name).Length > 0).Select(h => h.Name).ToHashSet();
    }

    /// <summary>Each break once, in the order found.</summary>
    public List<string> Violations { get; } = [];

    /// <param name="migrating">VMs on their way, with the host they go to.</param>
    public void Check(DateTimeOffset at, Site site, IReadOnlyDictionary<string, string> migrating)
    {
        foreach (var lost in _placeAtStart.Keys.Where(v => site.FindVm(v) is null)) Note(at, $"vm {lost} is lost");
        foreach (var host in site.Hosts)
        {
            var vms = site.VmsOn(host.Name);
            if (host.State is HostState.Off or HostState.PoweringOff or HostState.PoweringOn && vms.Length > 0 && !_occupiedAtStart.Contains(host.Name)) Note(at, $"host {host.Name} is {host.State} with {vms.Length} VM(s) on it");
            if (MemoryOn(site, host, migrating) > host.MemoryBytes && !_overAtStart.Contains(host.Name)) Note(at, $"host {host.Name} holds more memory than it has");
        }

        foreach (var broken in _constraints.Judge(at, site, migrating)) Note(at, broken);
    }

    /// <summary>A VM under way takes its memory on both of its hosts.</summary>
    private static long MemoryOn(Site site, Host host, IReadOnlyDictionary<string, string> migrating) =>
        MemoryOn(site, host) + migrating.Where(m => m.Value == host.Name).Select(m => site.FindVm(m.Key)).OfType<Vm>().Where(v => v.Host != host.Name).Sum(v => v.MemoryBytes);

    private static long MemoryOn(Site site, Host host) => site.VmsOn(host.Name).Sum(v => v.MemoryBytes);

    private void Note(DateTimeOffset at, string what)
    {
        if (_found.Add(what)) Violations.Add($"{at:yyyy-MM-dd HH:mm:ss}: {what}");
    }
}
