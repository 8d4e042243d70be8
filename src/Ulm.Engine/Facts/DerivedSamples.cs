using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Facts;

/// <summary>Keeps what follows from measurements as if it had been measured, where rules look back on it: a cluster's load, a host's free memory.</summary>
public static class DerivedSamples
{
    /// <returns>What was kept.</returns>
    public static IReadOnlyList<Measurement> Keep(SiteFacts facts, MetricNeeds needs, MetricWindows metrics)
    {
        var derived = new List<Measurement>();
        foreach (var attribute in needs.LookedBackOn)
        {
            foreach (var subject in SubjectsOf(attribute, facts.Site))
            {
                if (facts.Read(subject, attribute) is not { IsKnown: true } reading) continue;
                derived.Add(new Measurement(subject, attribute, reading.At, reading.Value));
                metrics.Add(derived[^1]);
            }
        }

        return derived;
    }

    private static IEnumerable<SubjectRef> SubjectsOf(PolicyAttribute attribute, Site site) => attribute.Subject switch
    {
        SubjectKind.Cluster => site.Clusters.Keys.Select(SubjectRef.Cluster),
        SubjectKind.Host when HostFacts.Derived.ContainsKey(attribute) => site.Hosts.Select(h => h.Ref),
        SubjectKind.Vm when attribute == PolicyAttribute.VmMemory => site.Vms.Select(v => v.Ref),
        _ => [],
    };
}
