using Ulm.Engine.Inventory;

namespace Ulm.Engine.Loop;

/// <summary>Hosts that started anew while no server ran: each is looked at once, when it first answers, for whether it has been up ever since the last look of the run before.</summary>
/// <param name="wereUp">Hosts that were up at the end of that run.</param>
/// <param name="lastLook">Of that run.</param>
/// <param name="started">When this run began.</param>
internal sealed class UnseenRestarts(IEnumerable<string> wereUp, DateTimeOffset lastLook, DateTimeOffset started)
{
    /// <summary>How long a host has been up is reckoned from what its CPUs counted, and no host boots within a minute of its crash.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _unheard = new(wereUp, StringComparer.Ordinal);

    /// <summary>No run came before.</summary>
    public static UnseenRestarts None => new([], default, default);

    /// <returns>By host what is known of it, in a clause.</returns>
    public IEnumerable<KeyValuePair<string, string>> Take(Observation now, DateTimeOffset at)
    {
        if (_unheard.Count == 0) yield break;
        foreach (var host in now.Site.Hosts.Where(h => h.State == HostState.On && _unheard.Remove(h.Name)))
        {
            if (!now.Uptimes.TryGetValue(host.Name, out var up) || at - up is var booted && booted - Slack <= lastLook) continue;
            yield return new(host.Name, booted < started ? $"started anew while no server ran, at about {Show.Time(booted)}" : HostRestarts.StartedAnew);
        }

        // That one is off, or gone, is seen as it is.
        _unheard.RemoveWhere(h => now.Site.FindHost(h) is null or { State: HostState.Off });
    }
}
