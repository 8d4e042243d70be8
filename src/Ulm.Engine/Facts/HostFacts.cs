using System.Collections.Frozen;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>What follows from the inventory and from other readings of a host, where nothing measures it itself.</summary>
internal static class HostFacts
{
    public static readonly Reading IsOff = Reading.Unknown("its host is off");
    public static readonly Reading IsPoweringOff = Reading.Unknown("its host is powering off");
    public static readonly Reading IsPoweringOn = Reading.Unknown("its host is powering on");
    public static readonly Reading HasFailed = Reading.Unknown("its host is failed");
    public static readonly Reading DoesNotAnswer = Reading.Unknown("the host does not answer: what runs there is not known");
    private static readonly Reading EmptySinceUnknown = Reading.Unknown("since when it is empty is not known");

    public static readonly FrozenDictionary<PolicyAttribute, Func<SiteFacts, Host, Reading>> Derived = new Dictionary<PolicyAttribute, Func<SiteFacts, Host, Reading>>
    {
        [PolicyAttribute.HostVms] = (facts, host) => OfState(host) ?? Reading.Known(facts.Site.VmsOn(host.Name).Length, facts.At),
        [PolicyAttribute.HostMemoryTotal] = (facts, host) => Reading.Known(host.MemoryBytes, facts.At),
        [PolicyAttribute.HostMemoryFree] = MemoryFree,
        [PolicyAttribute.HostPower] = Power,
        [PolicyAttribute.HostIdleFor] = IdleFor,
    }.ToFrozenDictionary();

    /// <summary>On and answering, whether newcomers are let in or not.</summary>
    public static bool Answers(Host host) => host.State is HostState.On or HostState.Draining or HostState.Maintenance;

    /// <summary>It does not answer, but did so short enough ago that what was heard of it then still counts, as its samples do.</summary>
    public static bool MissedAPoll(SiteFacts facts, Host host) =>
        host.State == HostState.Unreachable && facts.Lives.GetValueOrDefault(host.Name) is { } life && HostLife.IsUp(life.Phase)
        && (life.Phase != HostPhase.Silent || facts.At - life.Since < facts.StaleAfter - facts.PollingInterval);

    /// <summary>What a host that does not answer makes of everything it would have to be asked; null: it answers.</summary>
    public static Reading? OfState(Host host) => host.State switch
    {
        HostState.Off => IsOff,
        HostState.PoweringOff => IsPoweringOff,
        HostState.PoweringOn => IsPoweringOn,
        HostState.Failed => HasFailed,
        HostState.Unreachable => DoesNotAnswer,
        _ => null,
    };

    /// <summary>On, no VM, nothing bound for it, for at least five minutes.</summary>
    public static Reading Idle(SiteFacts facts, Host host)
    {
        if (host.State == HostState.Unreachable) return DoesNotAnswer;
        if (host.State != HostState.On || !facts.Site.VmsOn(host.Name).IsEmpty || facts.IsBoundFor(host.Name)) return Reading.Yes(false, facts.At);
        return facts.EmptySince.TryGetValue(host.Name, out var since) ? Reading.Yes(facts.At - since >= SiteFacts.IdleAfter, facts.At) : EmptySinceUnknown;
    }

    private static Reading IdleFor(SiteFacts facts, Host host)
    {
        if (OfState(host) is { } unknown) return unknown;
        if (!facts.Site.VmsOn(host.Name).IsEmpty) return Reading.Known(0, facts.At);
        return facts.EmptySince.TryGetValue(host.Name, out var since) ? Reading.Known((facts.At - since).TotalSeconds, facts.At) : EmptySinceUnknown;
    }

    private static Reading MemoryFree(SiteFacts facts, Host host)
    {
        var measured = facts.Measured(host.Ref, PolicyAttribute.HostMemoryFree);
        if (measured.IsKnown) return measured;
        var used = facts.Measured(host.Ref, PolicyAttribute.HostMemory);
        return used.IsKnown ? Reading.Known(host.MemoryBytes * (1 - used.Value / 100), used.At) : used;
    }

    private static Reading Power(SiteFacts facts, Host host)
    {
        var measured = facts.Measured(host.Ref, PolicyAttribute.HostPower);
        if (measured.IsKnown) return measured;
        if (host.State == HostState.Off) return Reading.Known(host.Power.OffWatts, facts.At);
        var cpu = facts.Measured(host.Ref, PolicyAttribute.HostCpu);
        return cpu.IsKnown ? Reading.Known(host.Power.At(cpu.Value / 100), cpu.At) : cpu;
    }
}
