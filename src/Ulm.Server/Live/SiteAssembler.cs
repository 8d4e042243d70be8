using System.Collections.Immutable;
using Ulm.Engine;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Libvirt;
using Ulm.Server.Configuration;

namespace Ulm.Server.Live;

/// <summary>Puts one round of answers together to a site. Hosts that do not answer keep the VMs last seen on them.</summary>
internal sealed class SiteAssembler(GuestDefinitions definitions, CpuJudge cpus, DirtyRates dirtyRates)
{
    /// <summary>Hexadecimal digits of a UUID that tell two guests apart.</summary>
    private const int ShownOfId = 8;

    /// <summary>A CPU that is taken offline takes a little of what the host's CPUs counted with it; a boot takes all of it.</summary>
    private const double LeastLeft = 0.9;

    private readonly Dictionary<string, HypervisorPoll> _lastAnswer = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answering = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answeredBefore = new(StringComparer.Ordinal);
    private volatile IReadOnlyCollection<string> _neededCpus = [];

    /// <summary>CPU definitions that the guests of the last round need.</summary>
    public IReadOnlyCollection<string> NeededCpus => _neededCpus;

    /// <summary>Hosts whose hypervisor answered in the last round: a munin-node is only asked where a host is up.</summary>
    public IReadOnlyList<string> Answering(IEnumerable<string> hosts) => [.. hosts.Where(_answering.Contains)];

    /// <summary>Hosts that answered in the last round and have been booted since they last did before it.</summary>
    public ImmutableHashSet<string> Restarted { get; private set; } = [];

    /// <summary>How long hosts that answered in the last round have been up: what their CPUs counted, idling included, shared among those that there are.</summary>
    public ImmutableDictionary<string, TimeSpan> Uptimes { get; private set; } = ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>True if the host answered in the round before this one too: its munin-node has been asked.</summary>
    public bool AnsweredBefore(string host) => _answeredBefore.Contains(host);

    public Site Assemble(
        IEnumerable<ManagedHost> managed,
        IReadOnlyDictionary<string, HypervisorPoll> polls,
        IReadOnlyDictionary<string, PowerState> bmcs,
        TimeSpan patience,
        ImmutableArray<ObservedFault>.Builder faults)
    {
        var hosts = new List<Host>();
        var seen = new List<(Host Host, DomainStats Domain)>();
        _answeredBefore.Clear();
        _answeredBefore.UnionWith(_answering);
        _answering.Clear();
        var restarted = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var uptimes = ImmutableDictionary.CreateBuilder<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var config in managed.Select(m => m.Config))
        {
            var poll = polls.GetValueOrDefault(config.Name);
            var state = poll is { Failure: null } ? HostState.On : bmcs.GetValueOrDefault(config.Name) == PowerState.Off ? HostState.Off : HostState.Unreachable;
            if (state == HostState.On)
            {
                if (_lastAnswer.GetValueOrDefault(config.Name)?.HostCpuTimeNs * LeastLeft > poll!.HostCpuTimeNs) restarted.Add(config.Name);
                if (poll is { HostCpuTimeNs: { } counted, Info: { Cpus: > 0 and var cpus } }) uptimes[config.Name] = TimeSpan.FromTicks(counted / TimeSpan.NanosecondsPerTick / cpus);
                _lastAnswer[config.Name] = poll;
                _answering.Add(config.Name);
            }
            else if (state == HostState.Off)
            {
                // Off is known: nothing runs there, whatever was seen before.
                if (_lastAnswer.TryGetValue(config.Name, out var last)) _lastAnswer[config.Name] = last with { Domains = [] };
            }
            else
            {
                var why = poll?.Failure ?? $"libvirt did not answer within {Show.Duration(patience)}";
                faults.Add(new($"{config.Name} libvirt", $"host {config.Name} is unreachable: {why}"));
            }

            var host = HostOf(config) with { State = state };
            hosts.Add(host);
            if (_lastAnswer.TryGetValue(config.Name, out var known)) seen.AddRange(known.Active.Select(d => (host, d)));
        }

        (Restarted, Uptimes) = (restarted.ToImmutable(), uptimes.ToImmutable());
        var vms = Vms(seen, faults);
        var needed = vms.Select(v => definitions.Find(v.Id!.Value)?.CpuXml).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        _neededCpus = needed;
        return new Site(hosts.Select(h => h with { UnusableCpuModels = cpus.Unusable(h.Name, needed) }), vms);
    }

    /// <summary>A host as far as it is known: what the configuration says, then what its hypervisor last said.</summary>
    public Host HostOf(HostConfig config)
    {
        var answer = _lastAnswer.GetValueOrDefault(config.Name);
        return new Host
        {
            Name = config.Name,
            Cluster = config.Cluster,
            Cpus = config.Cpus ?? answer?.Info?.Cpus ?? 1,
            CpuMips = config.CpuMips ?? (answer?.Info is { Mhz: > 0 } info ? info.Mhz : Host.DefaultCpuMips),
            MemoryBytes = answer?.Info?.MemoryBytes ?? 1,
            CpuModel = answer?.Capabilities?.CpuModel,
            NetMbps = config.NetMbps ?? Host.DefaultNetMbps,
            Tags = config.Tags,
            Power = config.Watts.IsEmpty ? PowerCurve.Typical : new PowerCurve(config.Watts, config.OffWatts),
            BootTime = config.BootTime ?? TimeSpan.FromSeconds(120),
            HasPowerControl = config.Power is not null,
            TellsPowerState = config.Power is not (PowerConfig.WakeOnLan or PowerConfig.NodeSuspend),
            State = HostState.Unreachable,
        };
    }

    /// <summary>One VM for each guest. While it migrates a guest shows on two hosts, running on one of them.</summary>
    private List<Vm> Vms(List<(Host Host, DomainStats Domain)> seen, ImmutableArray<ObservedFault>.Builder faults)
    {
        var vms = new List<Vm>();
        foreach (var guest in seen.GroupBy(s => s.Domain.Uuid))
        {
            var running = guest.Where(s => s.Host.State == HostState.On && s.Domain.State is DomainState.Running or DomainState.Blocked).ToList();
            if (running.Count > 1)
                faults.Add(new($"vm {running[0].Domain.Name}", $"runs on {string.Join(" and ", running.Select(r => r.Host.Name))} at once; stop all but one of them"));
            var (host, domain) = running.Count > 0 ? running[0] : guest.First();
            var vm = VmOf(host, domain);
            vms.Add(running.Count > 1 ? vm with { NotMigratableBecause = "it runs on two hosts at once" } : vm);
        }

        return UniquelyNamed(vms, faults);
    }

    /// <summary>
    /// The same VMs, no two of one name. All that share one are renamed: which of them came first changes from poll to poll, and a rule or a hold
    /// must not pass from one guest to another with it.
    /// </summary>
    private static List<Vm> UniquelyNamed(List<Vm> vms, ImmutableArray<ObservedFault>.Builder faults)
    {
        var sharing = vms.GroupBy(v => v.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var taken = vms.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = new Dictionary<Guid, string>();
        foreach (var vm in sharing.Values.SelectMany(g => g).OrderBy(v => v.Id))
        {
            var first = $"{vm.Name}~{vm.Id!.Value.ToString("N")[..ShownOfId]}";
            var name = first;
            for (var more = 2; !taken.Add(name); more++) name = $"{first}~{more}";
            renamed.Add(vm.Id.Value, name);
        }

        foreach (var (name, bearers) in sharing.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var shown = bearers.OrderBy(v => v.Id).Select(v => $"{renamed[v.Id!.Value]} on {v.Host}");
            faults.Add(new($"vm {name}", $"{bearers.Count} VMs have this name; they are left alone and shown as {string.Join(" and ", shown)}"));
        }

        return [.. vms.Select(v => renamed.TryGetValue(v.Id!.Value, out var name) ? v with { Name = name, NotMigratableBecause = "another VM has the same name" } : v)];
    }

    private Vm VmOf(Host host, DomainStats domain)
    {
        var definition = definitions.Find(domain.Uuid) ?? GuestDefinition.Unread;
        return new Vm
        {
            Name = domain.Name,
            Id = domain.Uuid,
            Host = host.Name,
            Vcpus = Math.Max(1, domain.VcpusCurrent ?? domain.VcpusMaximum ?? 1),
            CpuMips = host.CpuMips,
            MemoryBytes = domain.BalloonMaximumBytes ?? domain.BalloonCurrentBytes ?? domain.BalloonRssBytes ?? 0,
            DirtyBytesPerSecond = dirtyRates.Find(domain.Uuid),
            CpuModel = definition.CpuXml is { } cpu ? CpuJudge.NameOf(cpu) : null,
            NotMigratableBecause = definition.NotMigratableBecause,
        };
    }
}
