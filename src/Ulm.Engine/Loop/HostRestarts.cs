using Ulm.Engine.Inventory;

namespace Ulm.Engine.Loop;

/// <summary>Hosts that went and came back between two looks, or while they did not answer: they look as if nothing had been.</summary>
internal static class HostRestarts
{
    public const string StartedAnew = "started anew, and ULM did not tell it to";

    /// <summary>It may have crashed, or only its guests: either way it is not what it was.</summary>
    private const string LostAll = "answers again, and runs nothing of what it ran";

    /// <param name="before">The site as the look before left it.</param>
    /// <returns>By host what is known of it, in a clause.</returns>
    public static IReadOnlyDictionary<string, string> Since(Site before, Observation now)
    {
        return now.Site.Hosts.Where(h => h.State == HostState.On && (now.Restarted.Contains(h.Name) || HasLostAll(h.Name)))
            .ToDictionary(h => h.Name, h => now.Restarted.Contains(h.Name) ? StartedAnew : LostAll, StringComparer.Ordinal);

        bool HasLostAll(string host) =>
            before.FindHost(host) is { State: HostState.Unreachable } && before.VmsOn(host) is { Length: > 0 } ranThere && ranThere.All(v => now.Site.FindVm(v.Name) is null);
    }
}
