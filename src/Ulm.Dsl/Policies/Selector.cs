using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>Which VMs, or which hosts, a constraint is about.</summary>
public abstract record Selector
{
    private Selector() { }

    /// <summary><c>vm NAME</c>, <c>vms NAME, NAME</c></summary>
    public sealed record Exactly(ImmutableArray<string> Names) : Selector
    {
        public bool Equals(Exactly? other) => other is not null && Names.SequenceEqual(other.Names);

        public override int GetHashCode() => Names.Length == 0 ? 0 : Names[0].GetHashCode(StringComparison.Ordinal);
    }

    /// <summary><c>vm named "web-*"</c>; <c>*</c> stands for any run of characters, <c>?</c> for one; case matters.</summary>
    public sealed record Named(string Pattern) : Selector;

    /// <summary><c>vm tagged "pinned"</c></summary>
    public sealed record Tagged(string Tag) : Selector;

    /// <summary>Hosts by the name of a <c>hosts NAME = ...</c> definition.</summary>
    public sealed record Where(Condition Condition, string Name) : Selector;
}
