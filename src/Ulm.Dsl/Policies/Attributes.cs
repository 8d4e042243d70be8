using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>The kind of thing a condition ranges over.</summary>
public enum SubjectKind
{
    Host,
    Vm,
}

/// <summary>Something a condition can read, such as <c>host.cpu</c>. Equal by name.</summary>
/// <param name="Subject">Whose attribute it is; in a condition over VMs, a host attribute is read from the VM's host.</param>
/// <param name="Name">The name as written in a policy, subject included: <c>host.cpu</c>.</param>
/// <param name="Unit">The unit its values come in.</param>
public sealed record PolicyAttribute(SubjectKind Subject, string Name, Unit Unit)
{
    public static readonly PolicyAttribute HostCpu = new(SubjectKind.Host, "host.cpu", Unit.Percent);
    public static readonly PolicyAttribute HostMemory = new(SubjectKind.Host, "host.memory", Unit.Percent);
    public static readonly PolicyAttribute HostLoad = new(SubjectKind.Host, "host.load", Unit.Count);
    public static readonly PolicyAttribute VmCpu = new(SubjectKind.Vm, "vm.cpu", Unit.Percent);
    public static readonly PolicyAttribute VmMemory = new(SubjectKind.Vm, "vm.memory", Unit.Bytes);

    /// <summary>Every attribute the language knows, in the order the manual lists them.</summary>
    public static readonly ImmutableArray<PolicyAttribute> All = [HostCpu, HostMemory, HostLoad, VmCpu, VmMemory];

    // Attributes are keys of every fact: their hash is taken once, and most comparisons are of one object with itself.
    private readonly int _hash = Name.GetHashCode(StringComparison.Ordinal);

    public bool Equals(PolicyAttribute? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name);

    public override int GetHashCode() => _hash;

    public override string ToString() => Name;
}
