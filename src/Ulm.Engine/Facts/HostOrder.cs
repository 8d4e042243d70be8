using System.Collections.Immutable;

namespace Ulm.Engine.Facts;

public enum HostOrderKind
{
    /// <summary>Emptied, and closed to newcomers until released.</summary>
    Drained,

    /// <summary>Emptied and kept out by an administrator's wish.</summary>
    Maintenance,

    /// <summary>Emptied and powered off; where a time was given, on again after it and its VMs returned.</summary>
    ShutDown,

    /// <summary>Asleep: it does not answer, and is to be taken for off.</summary>
    Suspended,
}

public enum HostOrderPhase
{
    /// <summary>Closed to newcomers; what runs there is moved off.</summary>
    Closed,

    /// <summary>Went off as ordered.</summary>
    Off,

    /// <summary>On again and open; its VMs are brought back.</summary>
    Returning,
}

/// <summary>What a host is to be kept in until somebody or its time ends it. Kept in the store: it holds over restarts, and over a change of policies.</summary>
/// <param name="Rule">The rule that gave it.</param>
/// <param name="Since">When it was given.</param>
public sealed record HostOrder(string Host, HostOrderKind Kind, HostOrderPhase Phase, string Rule, DateTimeOffset Since)
{
    /// <summary>Of a shutdown: on again at this time. Null: when somebody says so.</summary>
    public DateTimeOffset? OnAgainAt { get; init; }

    /// <summary>Of a shutdown with a time: the VMs that were there, to be returned.</summary>
    public ImmutableArray<string> Vms { get; init; } = [];

    /// <summary>Of a drain or maintenance: open again at this time. Null: when somebody says so.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Who ordered it by hand; null: a rule did.</summary>
    public string? By { get; init; }

    /// <summary>Why, in the words of who ordered it.</summary>
    public string? Because { get; init; }

    /// <summary>Of a shutdown: what the host was drained or in maintenance for before, and is again once it is on. Null: nothing.</summary>
    public HostOrder? Before { get; init; }

    /// <summary>Of a drain or maintenance: a shutdown came between, and is over.</summary>
    public bool Resumed { get; init; }

    /// <summary>What a shutdown leaves behind when it ends at this time; null: an open host.</summary>
    public HostOrder? ResumedAt(DateTimeOffset at) => Before is { } before && !(before.EndsAt <= at) ? before with { Resumed = true } : null;

    /// <summary>Of a shutdown whose time has come: that it has; null: it has none, or is not over.</summary>
    public string? OverAt(DateTimeOffset at) => Kind == HostOrderKind.ShutDown && OnAgainAt is { } end && end <= at ? $"its time off ended at {end.ToOffset(at.Offset):HH:mm:ss}" : null;

    /// <summary>No VM is let in.</summary>
    public bool IsClosed => Phase != HostOrderPhase.Returning;

    public override string ToString() => What + (Kind == HostOrderKind.ShutDown && IsClosed && OnAgainAt is { } at && at > Since ? $" until {Show.Time(at)}" : "");

    /// <summary>To whoever wanted something else of the host before it was given: who has ordered what, when and why.</summary>
    public string OrderedSince => $"{By ?? $"rule {Rule}"} has ordered since, at {Show.Time(Since)}: {this}{(Because is { } because ? $" ({because})" : "")}";

    /// <summary>In words, without its end.</summary>
    public string What => (Kind, Phase) switch
    {
        (HostOrderKind.Drained, _) when Resumed => $"keep host {Host} drained",
        (HostOrderKind.Maintenance, _) when Resumed => $"keep host {Host} in maintenance",
        (HostOrderKind.Drained, _) => $"drain host {Host}",
        (HostOrderKind.Maintenance, _) => $"enter maintenance host {Host}",
        (HostOrderKind.ShutDown, HostOrderPhase.Closed) => $"shut down host {Host}",
        (HostOrderKind.ShutDown, HostOrderPhase.Off) when OnAgainAt <= Since => $"end the order that keeps host {Host} off",
        (HostOrderKind.ShutDown, HostOrderPhase.Off) => $"keep host {Host} off",
        (HostOrderKind.ShutDown, _) => $"open host {Host} and return its vms",
        _ => $"suspend host {Host}",
    };
}
