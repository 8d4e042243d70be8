namespace Ulm.Dsl.Policies;

/// <summary>Something that holds in every state, also between two moves.</summary>
public abstract record StandingConstraint
{
    private StandingConstraint() { }

    /// <summary>The sentence as written, for reasons shown to people.</summary>
    public required string Text { get; init; }

    public required SourceLocation Location { get; init; }

    /// <summary><c>never migrate vm ...</c></summary>
    public sealed record NeverMigrate(VmSelector Vms) : StandingConstraint;

    /// <summary><c>always keep N hosts on [in cluster NAME]</c>. No cluster: in each cluster.</summary>
    public sealed record AlwaysKeepHostsOn(int Count, string? Cluster) : StandingConstraint;
}

/// <summary>Which VMs a constraint is about.</summary>
public abstract record VmSelector
{
    private VmSelector() { }

    /// <summary><c>vm NAME</c></summary>
    public sealed record Exactly(string Name) : VmSelector;

    /// <summary><c>vm named "web-*"</c>; <c>*</c> stands for any run of characters, <c>?</c> for one; case matters.</summary>
    public sealed record Named(string Pattern) : VmSelector;

    /// <summary><c>vm tagged "pinned"</c></summary>
    public sealed record Tagged(string Tag) : VmSelector;
}
