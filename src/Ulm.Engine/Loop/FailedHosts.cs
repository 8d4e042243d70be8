using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>
/// Hosts that failed to wake are left alone until a person says that they may be counted on again: this tells somebody of them, and takes that
/// word. Used from the engine's thread only.
/// </summary>
/// <param name="running">Ends with the server.</param>
internal sealed class FailedHosts(HostLives lives, PeopleTold people, JournalWriter journal, TimeProvider time, Func<Site> site, Func<CancellationToken> running)
{
    /// <summary>Why a host can't be cleared now; null: it can.</summary>
    public string? WhyNotCleared(string host) => site().FindHost(host) is null ? $"there is no host {host}"
        : lives.HasFailed(host) ? null
        : $"host {host} has not failed{(lives.Current.GetValueOrDefault(host) is { } life ? $": it is {HostLife.Describe(life.Phase)}" : "")}";

    /// <summary>Where a host goes once it is cleared: one that is on is looked over first.</summary>
    public HostPhase PhaseOnceCleared(string host) => site().Host(host).State == HostState.Off ? HostPhase.Off : HostPhase.Booting;

    /// <param name="by">Who says so, for the journal.</param>
    /// <returns>Why not; null: done.</returns>
    public async Task<string?> ClearAsync(string host, string by)
    {
        if (WhyNotCleared(host) is { } because) return because;
        await lives.MoveAsync(host, PhaseOnceCleared(host), $"cleared by {by}", time.GetUtcNow(), running(), by: by);
        var moved = lives.Untold.ToList();
        await journal.WriteAsync([.. moved.Select(JournalWriter.Of)], running());
        lives.Told(moved.Count);
        return null;
    }

    public void OnMoved(HostTransition moved)
    {
        if (moved.Life is { Phase: HostPhase.Failed } failed)
            people.Of(failed.Host, "has failed to wake", failed.Because, $"host {failed.Host} has failed to wake: {failed.Because}. It is left alone until it is cleared: ulm-server power clear {failed.Host}");
    }
}
