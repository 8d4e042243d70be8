namespace Ulm.Engine.Simulation;

public enum FaultKind
{
    /// <summary>The host and its VMs stop; its hypervisor does not answer and its BMC says no more than that there is power.</summary>
    HostCrash,

    /// <summary>The hypervisor does not answer; the VMs run on.</summary>
    LibvirtSilent,

    /// <summary>The munin-node does not answer.</summary>
    MuninSilent,

    /// <summary>The BMC refuses orders and questions.</summary>
    BmcRefuses,

    /// <summary>The BMC answers an order to power off with a failure, and carries it out minutes later.</summary>
    BmcLate,

    /// <summary>The BMC takes the order to power on, and the host never comes up.</summary>
    WakeFails,

    /// <summary>The host does not shut down in order: only cutting its power is left.</summary>
    ShutdownHangs,

    /// <summary>A migration breaks off somewhere on its way; the VM stays where it was.</summary>
    MigrationFails,

    /// <summary>A migration never gets to its end: the guest dirties memory as fast as it is copied.</summary>
    MigrationStalls,
}

/// <summary>Something that goes wrong in a simulation. What is left to chance is drawn from the run's seed, the same for the same seed.</summary>
/// <param name="Hosts">Whom it strikes, <c>*</c> for any part of a name. Of a migration one of its two hosts.</param>
/// <param name="Vms">Whose migrations it strikes.</param>
public sealed record SimulatedFault(FaultKind Kind, string Hosts = "*", string Vms = "*")
{
    /// <summary>When it begins; null: with the run.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How long it lasts each time; null: to the end of the run.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>It comes again and again, for each host by itself, with random pauses of this length in the mean; null: once.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Of a migration or a power order that falls into its time: how likely it is struck, 0 to 1.</summary>
    public double Chance { get; init; } = 1;
}

/// <summary>A fault that struck, or passed.</summary>
/// <param name="Text">For people: <c>host h3 crashes, for 10m</c>.</param>
public sealed record FaultEvent(DateTimeOffset At, string Subject, string Text);
