namespace Ulm.Engine.Planning;

/// <summary>What a site's configuration says of planning, beside <see cref="PlacementLimits"/>.</summary>
public sealed record PlannerOptions
{
    /// <summary>Asked where the plain search finds no packing. Null: nobody is.</summary>
    public IPackingSolver? Solver { get; init; }

    /// <summary>The most migrations at the same time that the site allows, whatever policies say: how long plans are told to take. Null: as policies say.</summary>
    public (int? PerHost, int? InTotal) MigrationsAtOnce { get; init; }

    /// <summary>How VMs are going to be moved: how long plans are told to take depends on it too.</summary>
    public MigrationManners Manners { get; init; } = MigrationManners.Default;
}
