using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>
/// Sees a host through from the order to power on until it is known to be what it was: its hypervisor answers, what measures it answers, and CPU,
/// memory and storage are as before it went off. A host that is not by the end of its time has failed. Used from the engine's thread only.
/// </summary>
internal sealed class BootWatch(IHostCheck check, HostLives lives, TimeProvider time, ExecutorOptions options, Func<SiteFacts> current)
{
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);

    /// <summary>Booting hosts that nobody sees through: left by an earlier run, or come on by themselves.</summary>
    public IEnumerable<string> Unwatched => lives.Current.Values.Where(l => l.Phase is HostPhase.PoweringOn or HostPhase.Booting && !_watched.Contains(l.Host)).Select(l => l.Host);

    /// <param name="since">When it was told to power on, or came on.</param>
    /// <returns>Null: it is on, and as before. Else why it has failed.</returns>
    public async Task<string?> SeeThroughAsync(string name, DateTimeOffset since, Action<string> describe, CancellationToken ct)
    {
        _watched.Add(name);
        try
        {
            // Counted on from here, whatever the clock is set to meanwhile: a host must not fail by that.
            var (before, begun) = (time.GetUtcNow() - since, time.GetTimestamp());
            if (before < TimeSpan.Zero) before = TimeSpan.Zero;
            // A server that was stopped meanwhile has seen nothing: it gives the host a look of its own.
            while (await ObjectionAsync(name, ct) is { } objection)
            {
                if (lives.Current.GetValueOrDefault(name) is not { Phase: HostPhase.PoweringOn or HostPhase.Booting }) return null;
                var waited = before + time.GetElapsedTime(begun);
                if (waited > options.BootTimeout)
                {
                    var because = $"{objection} after {Show.Duration(waited)}";
                    if (lives.Current[name].Phase == HostPhase.PoweringOn && current().Observed.FindHost(name) is { State: HostState.Off })
                    {
                        // The server ended between the intention and the order, as far as anybody can tell: no fault of the host's.
                        await lives.MoveAsync(name, HostPhase.Off, "it is off; whether it was ever told to power on is not known", time.GetUtcNow(), CancellationToken.None);
                        return because;
                    }

                    await lives.MoveAsync(name, HostPhase.Failed, because, time.GetUtcNow(), CancellationToken.None);
                    return because;
                }

                describe($"booting for {Show.Duration(waited)}");
                await time.WaitAsync(options.LookAgain, ct);
            }

            return null;
        }
        finally
        {
            _watched.Remove(name);
        }
    }

    /// <summary>What is to be remembered of a host before it goes off; null: it can't be told.</summary>
    public async Task<HostPortrait?> PortraitAsync(Host host, CancellationToken ct)
    {
        try
        {
            return await check.LookAsync(host, ct);
        }
        catch (ActionFailedException)
        {
            return null;
        }
    }

    private async Task<string?> ObjectionAsync(string name, CancellationToken ct)
    {
        var facts = current();
        if (facts.Observed.FindHost(name) is not { } host) return "it is not in the inventory any more";
        if (!facts.ObservedOn(name)) return "it does not answer";
        try
        {
            var now = await check.LookAsync(host, ct);
            if (lives.Current.GetValueOrDefault(name) is not { Phase: HostPhase.PoweringOn or HostPhase.Booting } life) return null;
            var lost = life.Before is { } before ? now.LostSince(before).ToList() : [];
            if (lost.Count > 0) return $"it answers, and {string.Join(", ", lost)}";
            // Meanwhile it may have gone again.
            if (!current().ObservedOn(name)) return "it does not answer";
            if (life.Phase == HostPhase.PoweringOn) await lives.MoveAsync(name, HostPhase.Booting, "it answers", time.GetUtcNow(), CancellationToken.None);
            await lives.MoveAsync(name, HostPhase.On, life.Before is null ? "it answers" : "it answers, and is what it was before", time.GetUtcNow(), CancellationToken.None, l => l with { Before = now });
            return null;
        }
        catch (ActionFailedException e)
        {
            return e.Message;
        }
    }
}
