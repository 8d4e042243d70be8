using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Durations;

namespace Ulm.Engine.Actions;

/// <summary>Limits of carrying out plans. Defaults suit a site of some hundred hosts on 10 Gbit/s.</summary>
public sealed record ExecutorOptions
{
    public const int DefaultMigrationsPerHost = PlanClock.DefaultPerHost;

    public const int DefaultMigrationsInTotal = PlanClock.DefaultInTotal;

    /// <summary>The most migrations at the same time into or out of one host, whatever policies say; at least 1. Null: as they say, else 2.</summary>
    public int? MigrationsPerHost { get; init; }

    /// <summary>The most migrations at the same time in the whole site, whatever policies say; at least 1. Null: as they say, else 8.</summary>
    public int? MigrationsInTotal { get; init; }

    /// <summary>The most migrations at the same time in one cluster; at least 1. Null: no such limit.</summary>
    public int? MigrationsPerCluster { get; init; }

    /// <param name="said">What policies limit migrations to.</param>
    public MigrationLimits Migrations((int? PerHost, int? InTotal) said) =>
        Limits(PlanClock.Most(said, (MigrationsPerHost, MigrationsInTotal)));

    private MigrationLimits Limits((int PerHost, int InTotal) most) => new(most.PerHost, MigrationsPerCluster, most.InTotal);

    /// <summary>How VMs are moved, and when a migration is given up.</summary>
    public MigrationManners Manners { get; init; } = MigrationManners.Default;

    /// <summary>A host counts as idle once it has run nothing for this long. Default 5 min.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A host that was powered on and is not seen on by then has failed to wake. Default 10 min.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often waiting steps look at the site again: the polling interval.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After a failed migration its VM is left alone for this long, doubled at each further failure up to an hour. Default 1 min.</summary>
    public TimeSpan FailureHold { get; init; } = TimeSpan.FromMinutes(1);
}
