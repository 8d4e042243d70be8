using Ulm.Engine.Inventory;

namespace Ulm.Engine.Loop;

/// <summary>Hosts that went and came back between two looks, or while they did not answer: they look as if nothing had been.</summary>
internal static class HostRestarts
{
    /// <param name="before">The site as the look before left it.</param>
    /// <returns>Those that are known to have started anew, and those that have lost all that ran there while they did not answer.</returns>
    public static IReadOnlySet<string> Since(Site before, Observation now)
    {
        return now.Site.Hosts.Where(h => h.State == HostState.On && (now.Restarted.Contains(h.Name) || HasLostAll(h.Name))).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);

        bool HasLostAll(string host) =>
            before.FindHost(host) is { State: HostState.Unreachable } && before.VmsOn(host) is { Length: > 0 } ranThere && ranThere.All(v => now.Site.FindVm(v.Name) is null);
    }
}
