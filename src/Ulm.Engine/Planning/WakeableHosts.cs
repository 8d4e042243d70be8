using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// Hosts that are off and can be powered on, the best first. One that did not come up within the last hour is not asked again: whoever counts on it has
/// none. After that it comes last.
/// </summary>
internal static class WakeableHosts
{
    /// <summary>A host that did not come up is not asked again at once: it would be asked at every poll.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromHours(1);

    /// <summary>For load that is there already: the fastest to boot first, then those that draw least for what they can do.</summary>
    public static IEnumerable<Host> Fastest(SiteFacts facts, ImmutableHashSet<string> claimed) =>
        Reliable(facts, claimed).ThenBy(h => h.BootTime).ThenBy(WattsPerMips).ThenBy(h => h.Power.At(0)).ThenBy(h => h.Name, StringComparer.Ordinal);

    /// <summary>For a time to come, by which all of them can have booted: those that draw least for what they can do first.</summary>
    public static IEnumerable<Host> Thriftiest(SiteFacts facts, ImmutableHashSet<string> claimed) =>
        Reliable(facts, claimed).ThenBy(WattsPerMips).ThenBy(h => h.Power.At(0)).ThenBy(h => h.BootTime).ThenBy(h => h.Name, StringComparer.Ordinal);

    public static bool WasWokenLately(SiteFacts facts, Host host) => facts.At - facts.History.LastPowerOnOf(host.Name) < TryAgainAfter;

    /// <summary>What a refusal says of hosts that are off and not asked; empty where there are none.</summary>
    public static string PassedOver(SiteFacts facts, Func<Host, bool> among)
    {
        var failed = facts.Site.Hosts.Where(h => h.State == HostState.Off && among(h) && HasJustFailed(facts, h)).Select(h => h.Name).ToList();
        var left = facts.Site.Hosts.Where(h => h.State == HostState.Failed && among(h)).Select(h => h.Name).ToList();
        return (failed.Count == 0 ? "" : $"; {string.Join(", ", failed)} did not come up when last told to, less than {Show.Duration(TryAgainAfter)} ago")
            + (left.Count == 0 ? "" : $"; {string.Join(", ", left)} failed to wake, and nobody has cleared that");
    }

    private static IOrderedEnumerable<Host> Reliable(SiteFacts facts, ImmutableHashSet<string> claimed) => facts.Site.Hosts
        .Where(h => h.State == HostState.Off && h.HasPowerControl && !claimed.Contains(h.Name) && !HasJustFailed(facts, h) && facts.HoldOn(h) is null && facts.Orders.GetValueOrDefault(h.Name) is (null or { Kind: HostOrderKind.Suspended }))
        .OrderBy(h => facts.FailedToWake.Contains(h.Name));

    private static bool HasJustFailed(SiteFacts facts, Host host) => facts.FailedToWake.Contains(host.Name) && WasWokenLately(facts, host);

    private static double WattsPerMips(Host host) => host.Power.At(1) / host.CpuCapacity;
}
