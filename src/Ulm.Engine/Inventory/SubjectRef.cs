using Ulm.Dsl.Policies;

namespace Ulm.Engine.Inventory;

/// <summary>Names one host, VM or cluster: what rules range over and what the journal speaks of. Names are unique by kind within a site.</summary>
public readonly record struct SubjectRef(SubjectKind Kind, string Name)
{
    public static SubjectRef Host(string name) => new(SubjectKind.Host, name);

    public static SubjectRef Vm(string name) => new(SubjectKind.Vm, name);

    public static SubjectRef Cluster(string name) => new(SubjectKind.Cluster, name);

    /// <summary><c>host/h3</c>, as commands and the journal write it.</summary>
    public override string ToString() => Kind switch
    {
        SubjectKind.Host => $"host/{Name}",
        SubjectKind.Vm => $"vm/{Name}",
        _ => $"cluster/{Name}",
    };
}
