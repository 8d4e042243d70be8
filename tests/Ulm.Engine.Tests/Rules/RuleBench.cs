using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>A network fed the way the control loop feeds it, polled once a minute; tests say what was measured in which minute.</summary>
internal sealed class RuleBench(PolicySet policies, params string[] hosts)
{
    private readonly MetricWindows _metrics = new();
    private readonly Dictionary<string, Host> _hosts = hosts.ToDictionary(h => h, h => Some.Host(h));
    private readonly Dictionary<string, Vm> _vms = [];
    private readonly HashSet<SubjectRef> _busy = [];

    public RuleNetwork Network { get; private set; } = new(policies);

    public List<string> Fired { get; } = [];

    public static DateTimeOffset At(double minute) => Some.Monday.AddMinutes(minute);

    public RuleBench Vm(string name, string host, params string[] tags)
    {
        _vms[name] = Some.Vm(name, host, tags: tags);
        return this;
    }

    public RuleBench Host(string name, string cluster, HostState state = HostState.On, params string[] tags)
    {
        _hosts[name] = Some.Host(name, state) with { Cluster = cluster, Tags = [.. tags] };
        return this;
    }

    public RuleBench Measure(double minute, PolicyAttribute attribute, string subject, double value)
    {
        _metrics.Add(new Measurement(new SubjectRef(attribute.Subject, subject), attribute, At(minute), value));
        return this;
    }

    public void Busy(SubjectRef subject, bool busy) => _ = busy ? _busy.Add(subject) : _busy.Remove(subject);

    /// <summary>A look: everything known is fed, due schedules inserted, the network fired.</summary>
    public FireResult Look(double minute, params ScheduleEvent[] due)
    {
        Feed(minute);
        foreach (var one in due) Network.Insert(one);
        var result = Network.Fire(At(minute), s => _busy.Contains(s) ? "busy" : null);
        Fired.AddRange(result.Firings.Select(f => $"{minute} {f.Rule.Name} {f.Subject?.Name ?? "site"}"));
        return result;
    }

    /// <summary>Looks once a minute from one to another, both included, with a value measured each minute; null: a missed poll.</summary>
    public RuleBench Minutes(int from, int to, PolicyAttribute attribute, string subject, Func<int, double?> value)
    {
        for (var minute = from; minute <= to; minute++)
        {
            if (value(minute) is { } measured) Measure(minute, attribute, subject, measured);
            Look(minute);
        }

        return this;
    }

    /// <summary>The same site before another policy set, with the holds of the old network, as a reload or a restart does it.</summary>
    public void Reload(PolicySet next, double minute, TimeSpan shift)
    {
        var holds = Network.SaveHolds();
        Network = new RuleNetwork(next);
        Feed(minute);
        Network.RestoreHolds(holds, shift);
    }

    public HoldState StateOf(string rule, SubjectRef subject) => Network.Explain(rule, subject)!.State;

    private void Feed(double minute)
    {
        var site = new Site(_hosts.Values, _vms.Values);
        var facts = new SiteFacts(At(minute), site, _metrics, new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty);
        foreach (var host in site.Hosts) Network.Insert(host.Ref, host.Cluster, host.Tags);
        foreach (var vm in site.Vms) Network.Insert(vm.Ref, vm.Host, vm.Tags);
        foreach (var fact in Network.Reads)
        {
            var subjects = fact.Kind switch
            {
                SubjectKind.Host => site.Hosts.Select(h => h.Ref),
                SubjectKind.Vm => site.Vms.Select(v => v.Ref),
                _ => site.Clusters.Keys.Select(SubjectRef.Cluster),
            };
            foreach (var subject in subjects) Network.Update(subject, fact, facts.Read(subject, fact));
        }
    }
}
