using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>
/// The standing constraints of a policy set, with the site's own limits. Planner and executor ask the same questions of the same
/// compiled form: see <see cref="SiteConstraints"/>.
/// </summary>
/// <param name="limits">How full hosts of this site may get: what a failed host's VMs must fit into, too.</param>
public sealed class ConstraintSet(ImmutableArray<StandingConstraint> constraints, PlacementLimits limits)
{
    public static readonly ConstraintSet None = new([]);

    public ConstraintSet(ImmutableArray<StandingConstraint> constraints)
        : this(constraints, PlacementLimits.Default)
    {
    }

    public bool IsEmpty => constraints.IsEmpty;

    public PlacementLimits Limits => limits;

    public IEnumerable<T> Of<T>()
        where T : StandingConstraint => constraints.OfType<T>();

    /// <summary>How many hosts of a cluster must be on, with the sentence that says so (null: none does).</summary>
    public (int Count, string? Text) MinimumHostsOn(string cluster)
    {
        var strictest = Of<StandingConstraint.AlwaysKeepHostsOn>().Where(c => c.Cluster is null || c.Cluster == cluster).MaxBy(c => c.Count);
        return (strictest?.Count ?? 0, strictest?.Text);
    }

    /// <summary>What forbids that one of a cluster's hosts goes off while <paramref name="hostsOn"/> are on; null: not their number.</summary>
    public Obstacle? ForbidsFewer(Host host, int hostsOn)
    {
        var (minimum, text) = MinimumHostsOn(host.Cluster);
        return hostsOn - 1 >= minimum ? null : new Obstacle(
            RefusalCode.KeepHostsOn, $"\"{text}\": {hostsOn} of cluster {host.Cluster} are on, without {host.Name} {hostsOn - 1} would be");
    }

    /// <summary>False: the number of hosts that are on is all that keeps a host from going off, whoever runs where.</summary>
    public bool KeepsOnByMoreThanCount =>
        constraints.Any(c => c is StandingConstraint.NeverPowerOff or StandingConstraint.PowerCycleBudget or StandingConstraint.ReserveHosts);

    /// <summary>Migrations at the same time: the lowest figures that stand anywhere. Null: no sentence says.</summary>
    public (int? PerHost, int? InTotal) MigrationLimits =>
        (Of<StandingConstraint.LimitMigrations>().Min(c => c.PerHost), Of<StandingConstraint.LimitMigrations>().Min(c => c.InTotal));

    /// <summary>The lowest share of each host's resource that is left free in this cluster, as the most that may be used, per cent. Null: no sentence says.</summary>
    public StandingConstraint.ReserveShare? LargestShare(Resource of, string cluster) =>
        Of<StandingConstraint.ReserveShare>().Where(c => c.Of == of && (c.Cluster is null || c.Cluster == cluster)).MaxBy(c => c.Percent);

    public StandingConstraint.ReserveHosts? LargestReserve(string cluster) =>
        Of<StandingConstraint.ReserveHosts>().Where(c => c.Cluster is null || c.Cluster == cluster).MaxBy(c => c.Count);

    public StandingConstraint.OvercommitCpu? Overcommit => Of<StandingConstraint.OvercommitCpu>().MinBy(c => c.Factor);
}
