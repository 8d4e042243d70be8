using Ulm.Engine.Decisions;

namespace Ulm.Engine.Actions;

/// <summary>How many migrations may run at the same time.</summary>
/// <param name="PerHost">Into and out of one host.</param>
/// <param name="PerCluster">Null: no such limit.</param>
public readonly record struct MigrationLimits(int PerHost, int? PerCluster, int InTotal);

/// <summary>What a migration takes while it runs.</summary>
/// <param name="Place">Where it stands among those planned: the lower of two that are equally urgent begins first.</param>
internal sealed record MigrationClaim(string From, string To, string Cluster, long Place)
{
    /// <inheritdoc cref="Planning.PlannedAction.Migrate.ByOrderOf"/>
    public string? ByOrderOf { get; init; }
}

/// <summary>Who may migrate now: at most so many per host, per cluster and in all; the more urgent first, then as planned. Used from the engine's one thread only.</summary>
internal sealed class MigrationSlots(MigrationLimits most)
{
    private readonly Dictionary<string, int> _atHost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _inCluster = new(StringComparer.Ordinal);

    /// <summary>In the order in which they are asked whether they fit.</summary>
    private readonly List<Waiting> _waiting = [];

    private MigrationLimits _most = most;
    private int _total;

    /// <summary>From here on. Lower figures stop nothing that runs: they let in less until so much has ended.</summary>
    public void Limit(MigrationLimits most)
    {
        _most = most;
        Admit();
    }

    /// <summary>Waits for its turn. Null: it was withdrawn before that came.</summary>
    public async Task<Slot?> TakeAsync(MigrationClaim claim, Urgency urgency, CancellationToken ct)
    {
        var waiting = new Waiting(claim, urgency);
        Queue(waiting);
        Admit();
        // Whoever cancels does so on a thread of his own, which must not touch the queue.
        await using var _ = ct.Register(() => waiting.Turn.TrySetCanceled(ct));
        try
        {
            await waiting.Turn.Task;
        }
        catch (OperationCanceledException)
        {
            _waiting.Remove(waiting);
            throw;
        }

        return waiting.IsWithdrawn ? null : new Slot(this, claim, waiting.Urgency);
    }

    /// <summary>What waits on behalf of this host's order does not wait any more; what has its turn keeps it.</summary>
    public void Withdraw(string orderOf)
    {
        foreach (var waiting in _waiting.Where(w => w.Claim.ByOrderOf == orderOf).ToList())
        {
            _waiting.Remove(waiting);
            waiting.IsWithdrawn = true;
            waiting.Turn.TrySetResult();
        }

        Admit();
    }

    /// <summary>For a migration that runs already: it counts, however many there are.</summary>
    public Slot Occupy(MigrationClaim claim, Urgency urgency)
    {
        Count(claim, 1);
        return new Slot(this, claim, urgency);
    }

    /// <summary>A host has to be empty: what waits to leave it is as urgent as that, whatever it was planned for.</summary>
    public void Hasten(string from)
    {
        foreach (var waiting in _waiting.Where(w => w.Claim.From == from && w.Urgency < Urgency.Drain).ToList())
        {
            _waiting.Remove(waiting);
            waiting.Urgency = Urgency.Drain;
            Queue(waiting);
        }
    }

    private void Queue(Waiting waiting)
    {
        var place = _waiting.Count;
        while (place > 0 && waiting.GoesBefore(_waiting[place - 1])) place--;
        _waiting.Insert(place, waiting);
    }

    private void Admit()
    {
        Waiting? first = null;
        foreach (var waiting in _waiting.ToList())
        {
            if (_total >= _most.InTotal) return;
            if (!HasRoom(waiting, first))
            {
                first ??= waiting;
                continue;
            }

            _waiting.Remove(waiting);
            Count(waiting.Claim, 1);
            if (!waiting.Turn.TrySetResult()) Count(waiting.Claim, -1);
        }
    }

    /// <param name="first">
    /// The first that has no room. It needs two hosts at once, and those less urgent leave it the last room at either: taking
    /// turns at the two they would keep it waiting for ever.
    /// </param>
    private bool HasRoom(Waiting waiting, Waiting? first)
    {
        if (_inCluster.GetValueOrDefault(waiting.Claim.Cluster) + Left(first?.Claim.Cluster == waiting.Claim.Cluster) >= (_most.PerCluster ?? int.MaxValue)) return false;
        return HasRoomAt(waiting.Claim.From) && HasRoomAt(waiting.Claim.To);

        bool HasRoomAt(string host) => _atHost.GetValueOrDefault(host) + Left(first?.Claim.From == host || first?.Claim.To == host) < _most.PerHost;

        int Left(bool shared) => shared && first!.Urgency > waiting.Urgency ? 1 : 0;
    }

    private void Count(MigrationClaim claim, int by)
    {
        _atHost[claim.From] = _atHost.GetValueOrDefault(claim.From) + by;
        _atHost[claim.To] = _atHost.GetValueOrDefault(claim.To) + by;
        _inCluster[claim.Cluster] = _inCluster.GetValueOrDefault(claim.Cluster) + by;
        _total += by;
    }

    private sealed class Waiting(MigrationClaim claim, Urgency urgency)
    {
        public MigrationClaim Claim => claim;

        public Urgency Urgency { get; set; } = urgency;

        public bool IsWithdrawn { get; set; }

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool GoesBefore(Waiting other) => Urgency != other.Urgency ? Urgency > other.Urgency : Claim.Place < other.Claim.Place;
    }

    /// <param name="urgency">How urgent it was when its turn came.</param>
    internal sealed class Slot(MigrationSlots slots, MigrationClaim claim, Urgency urgency) : IDisposable
    {
        private bool _isBack;

        public Urgency Urgency => urgency;

        /// <summary>Gives it back, once.</summary>
        public void Dispose()
        {
            if (_isBack) return;
            _isBack = true;
            slots.Count(claim, -1);
            slots.Admit();
        }
    }
}
