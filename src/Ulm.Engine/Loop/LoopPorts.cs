using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>Everything outside that the control loop touches. <c>run</c>, <c>plan</c> and <c>simulate</c> differ only in what stands here.</summary>
public sealed record LoopPorts(ISiteObserver Observer, IHypervisor Hypervisor, IHostPower Power, IStateStore Store, TimeProvider Time)
{
    public INotifier Notifier { get; init; } = NothingOutside.Instance;

    public IHookRunner Hooks { get; init; } = NothingOutside.Instance;

    public IHostCheck Check { get; init; } = NothingToCheck.Instance;
}

/// <summary>Sees the site: which hosts and VMs there are, and what they measure.</summary>
public interface ISiteObserver
{
    /// <summary>One poll of everything. Never throws for a host that does not answer: that is a fault within the observation.</summary>
    /// <param name="reads">What policies and planning look at; no more needs to be measured.</param>
    Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct);
}

/// <param name="Site">Hosts that do not answer are there too, as off or unreachable, with the VMs last seen on them.</param>
/// <param name="Faults">What could not be asked now; the same source keeps the same key from poll to poll.</param>
public sealed record Observation(Site Site, ImmutableArray<Measurement> Measurements, ImmutableArray<ObservedFault> Faults)
{
    /// <summary>Of attributes that are read and have no measurement in this poll: why not.</summary>
    public ImmutableArray<Unmeasured> Unmeasured { get; init; } = [];

    /// <summary>Hosts that answer and have started anew since they last did: what ran there does not run any more, or was started anew too.</summary>
    public ImmutableHashSet<string> Restarted { get; init; } = [];

    /// <summary>For how long hosts that answer have been up, as far as they tell.</summary>
    public ImmutableDictionary<string, TimeSpan> Uptimes { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;
}

/// <param name="Source">Who is silent or wrong, such as <c>h2 munin</c>.</param>
public sealed record ObservedFault(string Source, string Text)
{
    /// <summary>What is told of the source once the fault is over.</summary>
    public string Over { get; init; } = "answers again";
}

public sealed record LoopOptions
{
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For schedules of policy sets that name no zone of their own.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What the server may do at most: it lowers the mode of all rules that would do more.</summary>
    public RuleMode Mode { get; init; } = RuleMode.Enforce;

    /// <summary>How long a recommended plan waits for approval. Default 1 h.</summary>
    public TimeSpan ApprovalTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When hosts that have been off for long are woken to see whether they still would; null: never.</summary>
    public WakeDrill? Drill { get; init; }

    /// <summary>For so long a host that was told to go off and was not seen to go is closed: longer than any orderly shutdown may take. Default 10 min.</summary>
    public TimeSpan MayGoOffFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How servers on one store take turns. Null: this one is alone, as in simulations.</summary>
    public LeaseOptions? Lease { get; init; }

    /// <summary>Keeps with each look that decided something all that it takes to take it again.</summary>
    public bool KeepTicks { get; init; }

    public PlacementLimits Limits { get; init; } = PlacementLimits.Default;

    /// <summary>See <see cref="PlannerOptions.Solver"/>.</summary>
    public IPackingSolver? Solver { get; init; }

    public ExecutorOptions Executor { get; init; } = new();

    public PlannerOptions Planner => new() { Solver = Solver, MigrationsAtOnce = (Executor.MigrationsPerHost, Executor.MigrationsInTotal), Manners = Executor.Manners };
}
