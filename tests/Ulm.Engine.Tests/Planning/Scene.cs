using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Upkeep;

namespace Ulm.Engine.Tests.Planning;

/// <summary>A site with its loads, as planners see it. What is not set is measured at 0 %; NaN: not measured.</summary>
internal sealed class Scene
{
    public List<Host> Hosts { get; } = [];

    public List<Vm> Vms { get; } = [];

    /// <summary>Per cent of a VM's own vCPUs.</summary>
    public Dictionary<string, double> VmCpu { get; } = [];

    /// <summary>Bytes per second in; where nothing is set, nothing is measured.</summary>
    public Dictionary<string, double> VmNet { get; } = [];

    /// <summary>Per cent a host says it uses, where that is not what its VMs add up to.</summary>
    public Dictionary<string, double> HostCpu { get; } = [];

    public List<InFlightMove> Moves { get; } = [];

    public List<StandingConstraint> Constraints { get; } = [];

    /// <summary>Plans also mend what breaks a constraint.</summary>
    public bool Upkeep { get; set; }

    public Dictionary<string, string> Held { get; } = [];

    /// <summary>What somebody wants left as it is.</summary>
    public HashSet<SubjectRef> OnHold { get; } = [];

    public ActionHistory History { get; } = new();

    /// <summary>Hosts that did not come up when they were last told to.</summary>
    public HashSet<string> FailedToWake { get; } = [];

    public static DateTimeOffset Now => Some.Monday;

    public Scene Host(string name, HostState state = HostState.On, long gib = 64, int cpus = 8)
    {
        Hosts.Add(Some.Host(name, state, gib, cpus));
        return this;
    }

    /// <param name="percent">Of the VM's own vCPUs.</param>
    public Scene Vm(string name, string host, double percent, long gib = 4, int vcpus = 2, params string[] tags)
    {
        Vms.Add(Some.Vm(name, host, gib, vcpus, tags));
        VmCpu[name] = percent;
        return this;
    }

    public Scene With(Action<Scene> change)
    {
        change(this);
        return this;
    }

    public double Demand(Vm vm) => vm.CpuDemand(VmCpu.GetValueOrDefault(vm.Name));

    public double HostPercent(Host host) =>
        HostCpu.TryGetValue(host.Name, out var said) ? said : Vms.Where(v => v.Host == host.Name).OrderBy(v => v.Name, StringComparer.Ordinal).Sum(v => double.IsNaN(Demand(v)) ? 0 : Demand(v)) / host.CpuCapacity * 100;

    public SiteFacts Facts()
    {
        var metrics = new MetricWindows();
        foreach (var vm in Vms) metrics.Add(new Measurement(vm.Ref, PolicyAttribute.VmCpu, Now, VmCpu.GetValueOrDefault(vm.Name)));
        foreach (var (vm, net) in VmNet)
        {
            metrics.Add(new Measurement(SubjectRef.Vm(vm), PolicyAttribute.VmNetIn, Now, net));
            metrics.Add(new Measurement(SubjectRef.Vm(vm), PolicyAttribute.VmNetOut, Now, 0));
        }

        foreach (var host in Hosts) metrics.Add(new Measurement(host.Ref, PolicyAttribute.HostCpu, Now, HostPercent(host)));
        return new SiteFacts(
            Now, new Site(Hosts, Vms), metrics, new Freshness(TimeSpan.FromMinutes(1)),
            Moves.ToDictionary(m => SubjectRef.Vm(m.Vm), m => $"migrating to {m.To}"))
        {
            Moves = [.. Moves],
            Held = Held.ToImmutableDictionary(),
            Holds = OnHold.ToImmutableDictionary(s => s, s => new OperatorHold(s, "ann", "tests", Now, Now.AddHours(1))),
            History = History,
            FailedToWake = [.. FailedToWake],
        };
    }

    /// <summary>Plans one decision a rule, in their order. Rules about one host are written as <c>on</c>, <c>null</c>: the whole site.</summary>
    public Plan Plan(params (Rule Rule, string? On)[] decisions)
    {
        var planner = new Planner(new PolicySet([.. decisions.Select(d => d.Rule).Distinct()], [.. Constraints], null), PlacementLimits.Default);
        return planner.Plan(Facts(), [.. decisions.Select((d, i) => new Decision($"d{i + 1}", d.Rule, d.On is null ? null : SubjectRef.Host(d.On), Now, "because"))], Upkeep ? UpkeepScope.All : UpkeepScope.None);
    }

    public static Rule Evacuate(bool fitting = true, Resource by = Resource.Cpu, double above = 75) => Evacuate(new PolicyAction.Evacuate(fitting, by), above);

    public static Rule Evacuate(PolicyAction.Evacuate action, double above = 75) =>
        Some.When("relieve", Some.Above(action.By == Resource.Memory ? PolicyAttribute.HostMemory : PolicyAttribute.HostCpu, above), default, action);

    public static Rule Do(params PolicyAction[] actions) => Some.At("do", default, DaysOfWeek.Daily, actions);

    public static IEnumerable<string> Texts(Plan plan) => plan.Steps.Select(s => s.Action.ToString()!);
}
