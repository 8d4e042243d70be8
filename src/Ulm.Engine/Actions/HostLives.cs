using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>
/// Where each host is in its life. What is done to hosts is put down as it happens, what happens to them by itself at each look. Used from the
/// engine's thread only.
/// </summary>
/// <param name="save">Keeps them all; throws <see cref="RecorderUnavailableException"/>.</param>
public sealed class HostLives(Func<ImmutableArray<HostLife>, CancellationToken, Task> save)
{
    private readonly List<HostTransition> _untold = [];
    private bool _unsaved;

    public ImmutableDictionary<string, HostLife> Current { get; private set; } = ImmutableDictionary.Create<string, HostLife>(StringComparer.Ordinal);

    /// <summary>Hosts that are to be taken for something else than what is seen of them.</summary>
    public ImmutableHashSet<string> Apart { get; private set; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>Raised at each transition, on the engine's thread.</summary>
    public event Action<HostTransition>? Moved;

    /// <summary>What the last run left.</summary>
    public void Restore(IEnumerable<HostLife> kept)
    {
        Current = kept.ToImmutableDictionary(l => l.Host, StringComparer.Ordinal);
        Apart = [.. Current.Values.Where(IsApart).Select(l => l.Host)];
        Version++;
    }

    public bool HasFailed(string host) => Current.GetValueOrDefault(host) is { Phase: HostPhase.Failed };

    /// <summary>The state a host is to be taken for.</summary>
    /// <param name="observed">As it was observed.</param>
    /// <param name="state">With steps and orders laid over it.</param>
    public HostState StateOf(Host observed, HostState state) => Current.GetValueOrDefault(observed.Name) switch
    {
        { Phase: HostPhase.Failed } => HostState.Failed,
        { Phase: HostPhase.PoweringOn or HostPhase.Booting } => HostState.PoweringOn,
        // What a restart of the server fell into is closed to VMs until it is seen to.
        { InDrill: true, IsUnproven: false } when state == HostState.On => HostState.Draining,
        // Of a host that can't be asked whether it is off, that it went off as ordered is all that will ever be known.
        { Phase: HostPhase.Off } when state == HostState.Unreachable && !observed.TellsPowerState => HostState.Off,
        _ => state,
    };

    /// <summary>Moves on every life that went on by itself.</summary>
    /// <param name="restarted">Hosts that went and came back since the look before, with what is known of that: to be looked over like one that was woken.</param>
    public void Look(SiteFacts facts, IReadOnlyDictionary<string, string> restarted)
    {
        foreach (var host in facts.Site.Hosts)
        {
            var isEmpty = facts.Site.VmsOn(host.Name).IsEmpty && !facts.IsBoundFor(host.Name);
            if (!Current.TryGetValue(host.Name, out var life)) Put(new HostLife(host.Name, HostLife.First(host.State, isEmpty), facts.At, "first seen"));
            else if (restarted.TryGetValue(host.Name, out var how) && HostLife.IsUp(life.Phase)) Move(life, HostPhase.Booting, $"it {how}", facts.At);
            else if (HostLife.Next(life, StateSeen(facts, host, life), facts.ObservedOn(host.Name), isEmpty) is var next && next != life.Phase)
                Move(life, next, Why(life.Phase, next, host, facts), facts.At);
        }

        foreach (var gone in Current.Keys.Where(h => facts.Site.FindHost(h) is null).ToList())
        {
            Current = Current.Remove(gone);
            Apart = Apart.Remove(gone);
            _unsaved = true;
        }
    }

    /// <summary>Moves a life on and keeps that. Nothing happens where it is there already.</summary>
    /// <param name="change">What else is to be put down.</param>
    public Task MoveAsync(string host, HostPhase to, string because, DateTimeOffset at, CancellationToken ct, Func<HostLife, HostLife>? change = null, string? by = null)
    {
        // Of a host that nobody has looked at yet there is nothing to move on from.
        var life = Current.GetValueOrDefault(host) ?? new HostLife(host, to, at, because);
        if (life.Phase == to && change is null) return Task.CompletedTask;
        if (change is not null) life = change(life);
        if (life.Phase == to) Put(life);
        else Move(life, to, because, at, by);
        return SaveAsync(ct);
    }

    /// <summary>Notes something of a host that is known; it is kept with the next that is.</summary>
    public void Note(string host, Func<HostLife, HostLife> change)
    {
        if (Current.GetValueOrDefault(host) is { } life) Put(change(life));
    }

    /// <summary>Keeps what has changed since it was last kept.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        if (!_unsaved) return;
        _unsaved = false;
        try
        {
            await save([.. Current.Values.OrderBy(l => l.Host, StringComparer.Ordinal)], ct);
        }
        catch
        {
            _unsaved = true;
            throw;
        }
    }

    /// <summary>Transitions that nobody has been told of yet.</summary>
    public IReadOnlyList<HostTransition> Untold => _untold;

    /// <param name="count">The first so many of <see cref="Untold"/> are told by now.</param>
    public void Told(int count) => _untold.RemoveRange(0, count);

    /// <summary>What is laid over an unproven host hides what is seen of it.</summary>
    private static HostState StateSeen(SiteFacts facts, Host host, HostLife life) =>
        life.IsUnproven ? facts.Observed.FindHost(host.Name)?.State ?? host.State : host.State;

    private void Move(HostLife life, HostPhase to, string because, DateTimeOffset at, string? by = null)
    {
        if (!HostLife.MayFollow(life.Phase, to)) throw new InvalidOperationException($"host {life.Host} can't go from {HostLife.Describe(life.Phase)} to {HostLife.Describe(to)}");
        var moved = new HostTransition(life with { Phase = to, Since = at, Because = because, Ordered = to == HostPhase.PoweringOn || (to == HostPhase.Booting && life.Phase == HostPhase.PoweringOn) }, life.Phase, by);
        Put(moved.Life);
        _untold.Add(moved);
        Moved?.Invoke(moved);
    }

    private void Put(HostLife life)
    {
        Current = Current.SetItem(life.Host, life);
        Apart = IsApart(life) ? Apart.Add(life.Host) : Apart.Remove(life.Host);
        (_unsaved, Version) = (true, Version + 1);
    }

    private static bool IsApart(HostLife life) => life.IsUnproven || life.InDrill || life.Phase == HostPhase.Off;

    private static string Why(HostPhase from, HostPhase to, Host host, SiteFacts facts) => (from, to) switch
    {
        (HostPhase.Off, HostPhase.Booting) when facts.FailedToWake.Contains(host.Name) => "it answers, though it was said that the order to power it on had failed",
        (HostPhase.Off, HostPhase.Booting) => "it answers, and nobody here powered it on",
        (_, HostPhase.Silent) => "it does not answer",
        (HostPhase.Silent, _) => $"it answers again and is {SiteFacts.Describe(host.State)}",
        (_, HostPhase.Empty) => "nothing runs there any more",
        (_, HostPhase.Draining) => "it is closed to newcomers",
        (_, HostPhase.Off) => "it is off",
        _ => $"it is {SiteFacts.Describe(host.State)}",
    };
}
