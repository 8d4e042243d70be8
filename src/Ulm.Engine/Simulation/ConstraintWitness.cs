using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>
/// Judges each state of a site by the constraint sentences, from what it sees alone: what was so before anybody acted is nobody's fault, what
/// got worse is. Where a proof is needed that something can't be (a failed host's VMs fit nowhere), it speaks only when it has one.
/// </summary>
public sealed class ConstraintWitness
{
    private readonly List<StandingConstraint> _constraints;
    private readonly Dictionary<string, int> _onAtStart;
    private readonly List<DateTimeOffset> _begun = [];
    private readonly List<(string Host, DateTimeOffset At)> _offs = [];
    private readonly Dictionary<StandingConstraint.Together, int> _scattered = [];
    private State _before;

    /// <param name="migrating">VMs on their way already, with the host they go to.</param>
    public ConstraintWitness(Site start, IEnumerable<StandingConstraint> constraints, IReadOnlyDictionary<string, string>? migrating = null)
    {
        _constraints = [.. constraints];
        _onAtStart = start.Hosts.GroupBy(h => h.Cluster).ToDictionary(g => g.Key, g => g.Count(h => h.State == HostState.On));
        _before = new State(start, migrating?.ToDictionary() ?? []);
    }

    /// <summary>A site with its migrations: a VM under way is on both of its hosts.</summary>
    private sealed record State(Site Site, Dictionary<string, string> Migrating)
    {
        public IEnumerable<Vm> On(string host) => Site.VmsOn(host).Concat(Migrating.Where(m => m.Value == host).Select(m => Site.FindVm(m.Key)).OfType<Vm>().Where(v => v.Host != host));

        public long Memory(string host) => On(host).Sum(v => v.MemoryBytes);

        public int Vcpus(string host) => On(host).Sum(v => v.Vcpus);
    }

    public IEnumerable<string> Judge(DateTimeOffset at, Site site, IReadOnlyDictionary<string, string> migrating)
    {
        if (_constraints.Count == 0) return [];
        var now = new State(site, migrating.ToDictionary());
        foreach (var vm in now.Migrating.Keys.Where(v => !_before.Migrating.ContainsKey(v))) _begun.Add(at);
        foreach (var host in site.Hosts.Where(h => h.State == HostState.Off && _before.Site.FindHost(h.Name) is { State: not HostState.Off })) _offs.Add((host.Name, at));
        var broken = _constraints.SelectMany(c => Of(c, at, now).Select(b => $"{b} against \"{c.Text}\"")).ToList();
        _before = now;
        return broken;
    }

    private IEnumerable<string> Of(StandingConstraint constraint, DateTimeOffset at, State now) => constraint switch
    {
        StandingConstraint.NeverMigrate never => now.Site.Vms
            .Where(v => Selects(never.Vms, v.Name, v.Tags) == true && _before.Site.FindVm(v.Name) is { } was && Place(v, now) is var place && place != was.Host && place != Place(was, _before))
            .Select(v => $"vm {v.Name} was moved"),
        StandingConstraint.NeverPowerOff never => now.Site.Hosts
            .Where(h => h.State is HostState.Off or HostState.PoweringOff && _before.Site.FindHost(h.Name) is { State: not (HostState.Off or HostState.PoweringOff) } && Selects(never.Hosts, h.Name, h.Tags) == true)
            .Select(h => $"host {h.Name} was powered off"),
        StandingConstraint.Apart { Hard: true } apart => Apart(apart, now),
        StandingConstraint.Together { Hard: true } together => Together(together, now),
        StandingConstraint.KeepOn keep => now.Site.Vms
            .Where(v => Selects(keep.Vms, v.Name, v.Tags) == true && _before.Site.FindVm(v.Name) is { } was && Place(v, now) is var place && place != was.Host && place != Place(was, _before) && now.Site.FindHost(place) is { } h && Selects(keep.Hosts, h.Name, h.Tags) == false)
            .Select(v => $"vm {v.Name} went to {Place(v, now)}"),
        StandingConstraint.AlwaysKeepHostsOn keep => now.Site.Hosts.GroupBy(h => h.Cluster).Where(g => keep.Cluster is null || keep.Cluster == g.Key)
            .Select(g => (Cluster: g.Key, On: g.Count(h => h.State is HostState.On or HostState.Unreachable)))
            .Where(c => c.On < Math.Min(keep.Count, _onAtStart[c.Cluster])).Select(c => $"{c.On} host(s) of cluster {c.Cluster} are on"),
        StandingConstraint.ReserveHosts reserve => Reserve(reserve, now),
        StandingConstraint.ReserveShare { Of: Resource.Memory } share => now.Site.Hosts
            .Where(h => (share.Cluster is null || share.Cluster == h.Cluster) && now.Memory(h.Name) > (100 - share.Percent) / 100 * h.MemoryBytes && now.Memory(h.Name) > _before.Memory(h.Name))
            .Select(h => $"host {h.Name} was filled to {now.Memory(h.Name)} bytes"),
        StandingConstraint.OvercommitCpu overcommit => now.Site.Hosts
            .Where(h => now.Vcpus(h.Name) > overcommit.Factor * h.Cpus && now.Vcpus(h.Name) > _before.Vcpus(h.Name)).Select(h => $"host {h.Name} carries {now.Vcpus(h.Name)} vCPUs"),
        StandingConstraint.LimitMigrations limit => Limit(limit, now),
        StandingConstraint.MigrationBudget budget when _begun.Count(b => b > at - budget.Per) is var count && count > budget.Count => [$"{count} migrations were begun"],
        StandingConstraint.PowerCycleBudget budget => _offs.Where(o => o.At > at - budget.Per).GroupBy(o => o.Host).Where(g => g.Count() > budget.Count).Select(g => $"host {g.Key} went off {g.Count()} times"),
        _ => [],
    };

    private static string Place(Vm vm, State state) => state.Migrating.TryGetValue(vm.Name, out var to) ? to : state.Site.FindVm(vm.Name)?.Host ?? vm.Host;

    private IEnumerable<string> Apart(StandingConstraint.Apart apart, State now)
    {
        foreach (var host in now.Site.Hosts)
        {
            var here = now.On(host.Name).Where(v => Selects(apart.Vms, v.Name, v.Tags) == true).Select(v => v.Name).ToList();
            if (here.Count < 2) continue;
            var before = _before.On(host.Name).Select(v => v.Name).ToHashSet();
            if (here.Find(v => !before.Contains(v)) is { } newcomer) yield return $"vm {newcomer} came to {host.Name} beside {here.First(v => v != newcomer)}";
        }
    }

    /// <summary>On the way a group is on one host more than it was; on yet another it was torn apart. What somebody else scattered is on its way from there.</summary>
    private IEnumerable<string> Together(StandingConstraint.Together together, State now)
    {
        var group = now.Site.Vms.Where(v => Selects(together.Vms, v.Name, v.Tags) == true).ToList();
        var (count, before) = (HostsOf(together, now), HostsOf(together, _before));
        var byOthers = group.Exists(v => !_before.Migrating.ContainsKey(v.Name) && _before.Site.FindVm(v.Name)?.Host != v.Host);
        if (byOthers || !_scattered.TryGetValue(together, out var from)) _scattered[together] = from = byOthers ? Math.Max(before, count) : before;
        if (count < from && !group.Exists(v => now.Migrating.ContainsKey(v.Name))) _scattered[together] = count;
        if (count > Math.Max(1, from) + 1 && count > before) yield return $"they are on {count} hosts";
    }

    /// <summary>Hosts that the group runs on, or is on its way to.</summary>
    private static int HostsOf(StandingConstraint.Together together, State state) => state.Site.Vms.Where(v => Selects(together.Vms, v.Name, v.Tags) == true)
        .SelectMany(v => (string[])[v.Host, Place(v, state)]).Distinct().Count();

    private static IEnumerable<string> Limit(StandingConstraint.LimitMigrations limit, State now)
    {
        if (limit.InTotal is { } total && now.Migrating.Count > total) yield return $"{now.Migrating.Count} migrations at one time";
        if (limit.PerHost is not { } perHost) yield break;
        if (now.Migrating.Count <= perHost) yield break;
        var ends = now.Migrating.SelectMany(m => ((string?[])[m.Value, now.Site.FindVm(m.Key)?.Host]).Distinct());
        foreach (var host in ends.GroupBy(h => h).Where(g => g.Key is not null && g.Count() > perHost).OrderBy(g => g.Key, StringComparer.Ordinal))
            yield return $"{host.Count()} migrations at one time at {host.Key}";
    }

    /// <summary>
    /// By memory alone: how much CPU VMs want changes by itself, which is nobody's doing, as is the loss of a host that failed. A failure that could have been coped
    /// with before by the hosts that still answer, and surely can't now.
    /// </summary>
    private IEnumerable<string> Reserve(StandingConstraint.ReserveHosts reserve, State now)
    {
        var lost = now.Site.Hosts.Where(h => h.State is HostState.Unreachable or HostState.Failed).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var cluster in now.Site.Hosts.Select(h => h.Cluster).Distinct().Where(c => reserve.Cluster is null || reserve.Cluster == c))
        {
            var on = now.Site.Hosts.Where(h => h.Cluster == cluster && h.State is (HostState.On or HostState.Draining)).ToList();
            // The heaviest together, and for one host each of them: enough to find what a careless planner does.
            var sets = reserve.Count == 1 ? on.Select(h => new List<Host> { h }) : [[.. on.OrderByDescending(h => now.Site.VmsOn(h.Name).Sum(v => v.MemoryBytes)).Take(reserve.Count)]];
            if (sets.FirstOrDefault(s => HasRoomFor(now.Site, cluster, s, lost) == false && HasRoomFor(_before.Site, cluster, s, lost) == true) is { } failed)
                yield return $"if {string.Join(" and ", failed.Select(h => h.Name))} fail(s), cluster {cluster} can't run all VMs";
        }
    }

    /// <summary>Whether the VMs of these hosts find memory on the rest if they fail; null: neither is proven.</summary>
    private static bool? HasRoomFor(Site site, string cluster, List<Host> failed, HashSet<string> lost)
    {
        var items = failed.SelectMany(h => site.VmsOn(h.Name)).Select(v => v.MemoryBytes);
        var bins = site.Hosts.Where(h => h.Cluster == cluster && h.State is (HostState.On or HostState.Draining) && !lost.Contains(h.Name) && failed.TrueForAll(f => f.Name != h.Name))
            .Select(h => h.MemoryBytes - site.VmsOn(h.Name).Sum(v => v.MemoryBytes));
        return PackingProof.Fits([.. items], [.. bins]);
    }

    /// <summary>Null: it can't be told from name and tags. What is chosen by anything that changes is not judged.</summary>
    private static bool? Selects(Selector selector, string name, IReadOnlySet<string> tags) => selector switch
    {
        Selector.Exactly exactly => exactly.Names.Contains(name),
        Selector.Tagged tagged => tags.Contains(tagged.Tag),
        Selector.Named named => Matches(named.Pattern, name),
        Selector.Where where => Holds(where.Condition, name, tags),
        _ => null,
    };

    private static bool? Holds(Condition condition, string name, IReadOnlySet<string> tags)
    {
        switch (condition)
        {
            case Condition.And and:
                var all = and.Operands.Select(o => Holds(o, name, tags)).ToList();
                return all.Contains(false) ? false : all.Contains(null) ? null : true;
            case Condition.Or or:
                var any = or.Operands.Select(o => Holds(o, name, tags)).ToList();
                return any.Contains(true) ? true : any.Contains(null) ? null : false;
            case Condition.Not not:
                return !Holds(not.Operand, name, tags);
            case Condition.Asks { Test: SubjectTest.Tagged tagged }:
                return tags.Contains(tagged.Tag);
            case Condition.Asks { Test: SubjectTest.Named named }:
                return Matches(named.Pattern, name);
            default:
                return null;
        }
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty) return name.IsEmpty;
        if (pattern[0] == '*') return Matches(pattern[1..], name) || (!name.IsEmpty && Matches(pattern, name[1..]));
        return !name.IsEmpty && (pattern[0] == '?' || pattern[0] == name[0]) && Matches(pattern[1..], name[1..]);
    }
}
