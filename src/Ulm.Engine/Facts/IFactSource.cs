using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>What conditions are judged on: everything known at one instant, and who stands in what.</summary>
public interface IFactSource
{
    DateTimeOffset At { get; }

    /// <summary>In the zone in which times of day are read.</summary>
    DateTime LocalTime { get; }

    Reading Read(SubjectRef subject, Fact fact);

    /// <summary>The subject itself, the host of a VM, or the cluster of either; null where there is none of that kind, or the subject is not known.</summary>
    SubjectRef? KeyOf(SubjectRef subject, SubjectKind kind);

    /// <summary>All hosts, or all VMs, of a cluster.</summary>
    IEnumerable<SubjectRef> MembersOf(string cluster, SubjectKind kind);
}
