namespace Ulm.Dsl.Policies;

/// <summary>Something that holds in every state, also between two moves.</summary>
public abstract record StandingConstraint
{
    private StandingConstraint() { }

    /// <summary>The sentence as written, for reasons shown to people.</summary>
    public required string Text { get; init; }

    public required SourceLocation Location { get; init; }

    /// <summary><c>never migrate vm ...</c></summary>
    public sealed record NeverMigrate(Selector Vms) : StandingConstraint;

    /// <summary><c>never power off host ...</c></summary>
    public sealed record NeverPowerOff(Selector Hosts) : StandingConstraint;

    /// <summary><c>keep apart vms ...</c>: no two of them on one host; <c>prefer apart vms ...</c> where there is a choice.</summary>
    public sealed record Apart(Selector Vms, bool Hard) : StandingConstraint;

    /// <summary><c>keep together vms ...</c>: all of them on one host; <c>prefer together</c> where there is a choice.</summary>
    public sealed record Together(Selector Vms, bool Hard) : StandingConstraint;

    /// <summary><c>keep vms ... on hosts ...</c></summary>
    public sealed record KeepOn(Selector Vms, Selector Hosts) : StandingConstraint;

    /// <summary><c>always keep N hosts on [in cluster NAME]</c>. No cluster: in each cluster.</summary>
    public sealed record AlwaysKeepHostsOn(int Count, string? Cluster) : StandingConstraint;

    /// <summary><c>reserve N host(s) [in cluster NAME]</c>: any N hosts may fail and their VMs still fit on the rest.</summary>
    public sealed record ReserveHosts(int Count, string? Cluster) : StandingConstraint;

    /// <summary><c>reserve N% cpu / memory [in cluster NAME]</c>: of each host.</summary>
    public sealed record ReserveShare(Resource Of, double Percent, string? Cluster) : StandingConstraint;

    /// <summary><c>limit migrations to N per host and M in total</c>: at one time; either may stand alone.</summary>
    public sealed record LimitMigrations(int? PerHost, int? InTotal) : StandingConstraint;

    /// <summary><c>limit migrations to N per DURATION</c>: begun within any such time.</summary>
    public sealed record MigrationBudget(int Count, TimeSpan Per) : StandingConstraint;

    /// <summary><c>limit power cycles to N per host per DURATION</c>: power-offs of one host within any such time.</summary>
    public sealed record PowerCycleBudget(int Count, TimeSpan Per) : StandingConstraint;

    /// <summary><c>cooldown vm DURATION</c>: a VM that has moved is left alone for so long by every rule; a drain may still move it.</summary>
    public sealed record VmCooldown(TimeSpan Duration) : StandingConstraint;

    /// <summary><c>overcommit cpu Nx</c>: vCPUs of a host's VMs, at most so many times its CPUs.</summary>
    public sealed record OvercommitCpu(double Factor) : StandingConstraint;
}
