using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Simulation;

/// <summary>
/// What a simulated site measures of itself in one poll: figures that are given (a trace, a test) as they are, CPU, memory and power by their models, and
/// for what has no model the reason.
/// </summary>
/// <param name="startedAt">When a host or VM was started within the simulation; those that ran from its beginning are missing.</param>
internal sealed class SimulatedMetrics(
    Site site, ILoadModel load, MetricReplay replay, IReadOnlyDictionary<SubjectRef, DateTimeOffset> startedAt, IReadOnlySet<PolicyAttribute> reads, DateTimeOffset at)
{
    /// <summary>Names of hosts of which nothing is measured in this poll.</summary>
    public IReadOnlySet<string> Unmeasured { get; init; } = ImmutableHashSet<string>.Empty;

    private readonly ImmutableArray<Measurement>.Builder _measured = ImmutableArray.CreateBuilder<Measurement>();
    private readonly ImmutableArray<Unmeasured>.Builder _unmeasured = ImmutableArray.CreateBuilder<Unmeasured>();

    public (ImmutableArray<Measurement> Measured, ImmutableArray<Unmeasured> Unmeasured) Take()
    {
        var ofVms = reads.Where(a => a.Subject == SubjectKind.Vm).ToList();
        var ofHosts = reads.Where(a => a.Subject == SubjectKind.Host).ToList();
        foreach (var vm in site.Vms)
        {
            if (site.Host(vm.Host).State == HostState.Unreachable) continue;
            foreach (var attribute in ofVms) Note(vm.Ref, attribute, OfVm(vm, attribute));
        }

        foreach (var host in site.Hosts.Where(h => h.State == HostState.On && !Unmeasured.Contains(h.Name)))
        {
            var vms = site.VmsOn(host.Name);
            var demand = vms.Sum(v => v.CpuUse(CpuOf(v) ?? 0, host)) / host.CpuCapacity;
            foreach (var attribute in ofHosts) Note(host.Ref, attribute, OfHost(host, vms, demand, attribute));
        }

        return (_measured.ToImmutable(), _unmeasured.ToImmutable());
    }

    private double? CpuOf(Vm vm) => replay.TryRead(vm.Ref, PolicyAttribute.VmCpu, at, out var given) ? given : load.CpuPercent(vm.Name, at);

    private Model OfVm(Vm vm, PolicyAttribute attribute)
    {
        if (attribute == PolicyAttribute.VmCpu) return CpuOf(vm) is { } cpu ? cpu : Model.Missed;
        if (attribute == PolicyAttribute.VmMemory) return vm.MemoryBytes;
        if (attribute == PolicyAttribute.VmUptime) return Uptime(vm.Ref, "ran");
        return NoSource(attribute);
    }

    private Model OfHost(Host host, ImmutableArray<Vm> vms, double demand, PolicyAttribute attribute)
    {
        if (attribute == PolicyAttribute.HostCpu) return Math.Min(100, demand * 100);
        if (attribute == PolicyAttribute.HostLoad) return demand;
        var held = vms.Sum(v => v.MemoryBytes);
        if (attribute == PolicyAttribute.HostMemory) return 100.0 * held / host.MemoryBytes;
        if (attribute == PolicyAttribute.HostPower) return host.Power.At(demand);
        if (attribute == PolicyAttribute.HostUptime) return Uptime(host.Ref, "was on");
        // Nothing is below a physical host that could take CPU time from it.
        if (attribute == PolicyAttribute.HostCpuSteal) return 0;
        if (attribute == PolicyAttribute.HostSwap) return held <= host.MemoryBytes ? 0 : Model.Unknown("its VMs hold more memory than it has, and a simulation does not know its swap space");
        return attribute.OfVms is { } own ? SumOf(vms, attribute, own) : NoSource(attribute);
    }

    /// <summary>What a host's VMs send, receive, read and write goes through the host: their sum, where all of them have a figure.</summary>
    private Model SumOf(ImmutableArray<Vm> vms, PolicyAttribute attribute, PolicyAttribute own)
    {
        var sum = 0.0;
        if (!replay.Attributes.Contains(own)) return NoSource(attribute);
        foreach (var vm in vms)
        {
            if (!replay.TryRead(vm.Ref, own, at, out var figure) || figure is not { } known) return Model.Unknown($"{attribute.Name} is the sum of {own.Name}, which is not known of vm {vm.Name}");
            sum += known;
        }

        return sum;
    }

    private Model Uptime(SubjectRef subject, string verb) => startedAt.TryGetValue(subject, out var start)
        ? (at - start).TotalSeconds
        : Model.Unknown($"{subject} {verb} before the simulation began, nobody knows for how long");

    private static Model NoSource(PolicyAttribute attribute) =>
        Model.Unknown($"a simulation has no source of {attribute.Name}; a trace with metric={attribute.Name} or a test's series gives it figures");

    private void Note(SubjectRef subject, PolicyAttribute attribute, Model model)
    {
        if (replay.TryRead(subject, attribute, at, out var given)) model = given is { } value ? value : Model.Missed;
        if (model.Value is { } known) _measured.Add(new Measurement(subject, attribute, at, known));
        else if (model.Because is { } because) _unmeasured.Add(new Unmeasured(subject, attribute, because));
    }

    /// <summary>A value, a poll that was missed, or unknown for a reason that lasts.</summary>
    private readonly record struct Model(double? Value, string? Because)
    {
        public static readonly Model Missed = new(null, null);

        public static Model Unknown(string because) => new(null, because);

        public static implicit operator Model(double value) => new(value, null);
    }
}
