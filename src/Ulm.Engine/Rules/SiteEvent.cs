using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules;

/// <summary>Something happened to a host or VM.</summary>
public readonly record struct SiteEvent(SubjectEvent Event, SubjectRef Subject)
{
    /// <summary>True if what this event brought about no longer stands once <paramref name="later"/> has happened to the same subject.</summary>
    public static bool Undoes(SubjectEvent later, SubjectEvent earlier) => earlier switch
    {
        SubjectEvent.HostJoins => later == SubjectEvent.HostLeaves,
        SubjectEvent.HostLeaves => later == SubjectEvent.HostJoins,
        SubjectEvent.HostFails => later is SubjectEvent.HostReturns or SubjectEvent.HostLeaves,
        SubjectEvent.HostReturns => later is SubjectEvent.HostFails or SubjectEvent.HostLeaves,
        SubjectEvent.VmStarts => later == SubjectEvent.VmStops,
        _ => later == SubjectEvent.VmStarts,
    };

    /// <summary><c>host h3 failed</c></summary>
    public override string ToString() => Event switch
    {
        SubjectEvent.HostJoins => $"host {Subject.Name} joined",
        SubjectEvent.HostLeaves => $"host {Subject.Name} left",
        SubjectEvent.HostFails => $"host {Subject.Name} failed",
        SubjectEvent.HostReturns => $"host {Subject.Name} returned",
        SubjectEvent.VmStarts => $"vm {Subject.Name} started",
        _ => $"vm {Subject.Name} stopped",
    };
}
