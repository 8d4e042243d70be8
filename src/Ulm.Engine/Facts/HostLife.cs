using System.Collections.Immutable;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>Where a host is in its life, as ULM sees it through: every change is recorded, and holds over restarts.</summary>
public enum HostPhase
{
    On,

    /// <summary>Closed to newcomers, and VMs run there.</summary>
    Draining,

    /// <summary>Closed to newcomers, and nothing runs there.</summary>
    Empty,

    PoweringOff,

    Off,

    /// <summary>The order to power on is on its way.</summary>
    PoweringOn,

    /// <summary>The order was taken, or the host came on or started anew by itself; it is not known yet to be what it was.</summary>
    Booting,

    /// <summary>It did not come up, or came up as less than it was. It is left alone until a person clears it.</summary>
    Failed,

    /// <summary>It does not answer, and nothing says that it is off.</summary>
    Silent,
}

/// <summary>A host's place in its life.</summary>
/// <param name="Because">Why it is there, for people.</param>
public sealed record HostLife(string Host, HostPhase Phase, DateTimeOffset Since, string Because)
{
    /// <summary>From which phase to which a life may go. Everything else is a bug.</summary>
    private static readonly ImmutableDictionary<HostPhase, ImmutableArray<HostPhase>> Following = new Dictionary<HostPhase, ImmutableArray<HostPhase>>
    {
        [HostPhase.On] = [HostPhase.Draining, HostPhase.Empty, HostPhase.PoweringOff, HostPhase.Off, HostPhase.Silent, HostPhase.Booting],
        [HostPhase.Draining] = [HostPhase.On, HostPhase.Empty, HostPhase.PoweringOff, HostPhase.Off, HostPhase.Silent, HostPhase.Booting],
        [HostPhase.Empty] = [HostPhase.On, HostPhase.Draining, HostPhase.PoweringOff, HostPhase.Off, HostPhase.Silent, HostPhase.Booting],
        [HostPhase.PoweringOff] = [HostPhase.Off, HostPhase.On, HostPhase.Draining, HostPhase.Empty, HostPhase.Silent],
        [HostPhase.Off] = [HostPhase.PoweringOn, HostPhase.Booting],
        [HostPhase.PoweringOn] = [HostPhase.Booting, HostPhase.Failed, HostPhase.Off],
        [HostPhase.Booting] = [HostPhase.On, HostPhase.Failed, HostPhase.Off],
        [HostPhase.Failed] = [HostPhase.Off, HostPhase.Booting],
        [HostPhase.Silent] = [HostPhase.On, HostPhase.Draining, HostPhase.Empty, HostPhase.PoweringOff, HostPhase.Off, HostPhase.Booting],
    }.ToImmutableDictionary();

    /// <summary>What it was like when it was last known to be well; null: nobody looked.</summary>
    public HostPortrait? Before { get; init; }

    /// <summary>It was told to power on by this server, as opposed to coming on by itself.</summary>
    public bool Ordered { get; init; }

    /// <summary>It was woken to see whether it still would, and is to be put off again.</summary>
    public bool InDrill { get; init; }

    /// <summary>No VM may go there, whatever it answers.</summary>
    public bool IsUnproven => Phase is HostPhase.PoweringOn or HostPhase.Booting or HostPhase.Failed;

    /// <summary>It runs, or ran when it was last heard of, and nobody is switching it.</summary>
    public static bool IsUp(HostPhase phase) => phase is HostPhase.On or HostPhase.Draining or HostPhase.Empty or HostPhase.Silent;

    public static bool MayFollow(HostPhase from, HostPhase to) => Following[from].Contains(to);

    /// <summary>
    /// Where a life goes by itself, from what is seen. Waking, and what comes of it, is not seen but seen through: a host that is powering on, booting
    /// or has failed stays so until whoever sees it through says otherwise.
    /// </summary>
    /// <param name="state">With what is being done to the host laid over what was observed.</param>
    /// <param name="answers">Its hypervisor answers.</param>
    /// <param name="isEmpty">It runs nothing, and nothing is bound for it.</param>
    public static HostPhase Next(HostLife life, HostState state, bool answers, bool isEmpty) => life.Phase switch
    {
        HostPhase.PoweringOn or HostPhase.Failed => life.Phase,
        HostPhase.Booting => !life.Ordered && state == HostState.Off ? HostPhase.Off : HostPhase.Booting,
        // Silence of a host that is off is its BMC's. One that answers is on, and nobody has looked at it yet.
        HostPhase.Off => answers && state is not (HostState.Off or HostState.PoweringOff) ? HostPhase.Booting : HostPhase.Off,
        _ => Seen(state, isEmpty, life.Phase),
    };

    /// <summary>Where a host is that was never seen before.</summary>
    public static HostPhase First(HostState state, bool isEmpty) => Seen(state, isEmpty, HostPhase.Silent);

    /// <param name="otherwise">Where it stays if it is none of these: on its way up by somebody else's hand, say.</param>
    private static HostPhase Seen(HostState state, bool isEmpty, HostPhase otherwise) => state switch
    {
        HostState.On => HostPhase.On,
        HostState.Draining or HostState.Maintenance => isEmpty ? HostPhase.Empty : HostPhase.Draining,
        HostState.PoweringOff => HostPhase.PoweringOff,
        HostState.Off => HostPhase.Off,
        HostState.Unreachable => otherwise == HostPhase.PoweringOff ? HostPhase.PoweringOff : HostPhase.Silent,
        _ => otherwise,
    };

    public static string Describe(HostPhase phase) => phase switch
    {
        HostPhase.On => "on",
        HostPhase.Draining => "draining",
        HostPhase.Empty => "empty",
        HostPhase.PoweringOff => "powering off",
        HostPhase.Off => "off",
        HostPhase.PoweringOn => "powering on",
        HostPhase.Booting => "booting",
        HostPhase.Failed => "failed",
        _ => "silent",
    };
}

/// <summary>A host went from one phase of its life to another.</summary>
/// <param name="By">Who said so; null: it was seen, or done by the server.</param>
public sealed record HostTransition(HostLife Life, HostPhase From, string? By = null);

/// <summary>What VMs count on at a host: none of it may be less after a wake than it was before.</summary>
/// <param name="CpuFeatures">Named features of the CPU model, in ordinal order.</param>
/// <param name="StoragePools">Active ones, in ordinal order.</param>
public sealed record HostPortrait(string? CpuModel, ImmutableArray<string> CpuFeatures, int Cpus, long MemoryBytes, ImmutableArray<string> StoragePools)
{
    /// <summary>Firmware keeps some memory to itself, not always the same amount.</summary>
    private const double MemorySlack = 0.02;

    /// <summary>What is missing now, in words.</summary>
    public IEnumerable<string> LostSince(HostPortrait before)
    {
        if (before.CpuModel is not null && CpuModel != before.CpuModel) yield return $"its CPU is {CpuModel ?? "unknown"}, not {before.CpuModel}";
        if (before.CpuFeatures.Except(CpuFeatures, StringComparer.Ordinal).ToList() is { Count: > 0 } features) yield return $"its CPU lacks {string.Join(", ", features)}";
        if (Cpus < before.Cpus) yield return $"it has {Cpus} CPUs, not {before.Cpus}";
        if (MemoryBytes < before.MemoryBytes * (1 - MemorySlack)) yield return $"it has {Show.Bytes(MemoryBytes)} of memory, not {Show.Bytes(before.MemoryBytes)}";
        if (before.StoragePools.Except(StoragePools, StringComparer.Ordinal).ToList() is { Count: > 0 } pools) yield return $"storage pool(s) {string.Join(", ", pools)} are not active";
    }
}
