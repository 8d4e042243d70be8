using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>How a server takes turns with others on one store.</summary>
/// <param name="Holder">Unique to this process: <c>node1:4711</c>.</param>
public sealed record LeaseOptions(string Holder)
{
    public const string WholeSite = "site";

    /// <summary>How long after its holder was last heard of another server takes over. Default 30 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Asked at each try: holders whose names begin so are known to be gone. Null: nobody is.</summary>
    public Func<string?> GoneWith { get; init; } = () => null;
}

/// <summary>Waits for the right to act, keeps it by renewing it, and notices when it is gone. Used from the engine's thread only.</summary>
internal sealed class LeaseKeeper(IStateStore store, TimeProvider time, LeaseOptions options)
{
    /// <summary>It is renewed so many times before it is over.</summary>
    private const int TriesInTime = 4;

    /// <summary>No lease ever has this number.</summary>
    private const long NoToken = -1;

    private long _renewed;
    private (Lease Lease, long Since)? _others;

    /// <summary>As last seen; null: not asked for yet.</summary>
    public Lease? Seen { get; private set; }

    private bool IsOurs => Seen?.Holder == options.Holder;

    private TimeSpan Pause => options.Duration / TriesInTime;

    /// <summary>Why this server waits, has measured nothing, and can write nothing; null: it has the lease.</summary>
    public string? StandsByBecause => IsOurs ? null : Seen is { } seen ? $"another server acts on this site: {seen.Holder}" : "which server acts on this site is not known yet";

    /// <summary>Why nothing may be begun at this instant; null: it may. A renewal that is late counts as none, by either clock.</summary>
    public string? WhyNot() =>
        StandsByBecause is { } another ? another
        : time.GetElapsedTime(_renewed) >= options.Duration - Pause || time.GetUtcNow() >= Seen!.Until ? "the lease could not be renewed in time: another server may act on this site"
        : null;

    /// <summary>When the server that had it before this one was last heard of, by its own clock; null: nobody had it.</summary>
    public DateTimeOffset? OthersLast => _others?.Lease.Until - options.Duration;

    /// <summary>Another server has it, though this one was at work. Raised on the engine's thread.</summary>
    public event Action<LeaseLostException>? Lost;

    /// <summary>Another server has it, and this one waits; with the reason. Raised on the engine's thread, once for each holder.</summary>
    public event Action<string>? StandsBy;

    /// <summary>Waits for the lease, which may take for ever; keeps it while the work is done; gives it back in the end.</summary>
    /// <param name="ct">Ends the waiting; the work sees to itself.</param>
    public async Task WhileHeldAsync(Func<Task> work, CancellationToken ct)
    {
        try
        {
            await TakeAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        using var over = new CancellationTokenSource();
        var keeping = KeepAsync(over.Token);
        await work();
        over.Cancel();
        await keeping;
        await GiveBackAsync();
    }

    /// <summary>Returns once this server may act. Until then it can write nothing; from then on all it writes carries the lease's number.</summary>
    private async Task TakeAsync(CancellationToken ct)
    {
        store.Fence = new Fence(LeaseOptions.WholeSite, NoToken);
        string? told = null;
        for (; ; await time.WaitAsync(Pause, ct))
        {
            try
            {
                await AskAsync(null, ct);
            }
            catch (StoreUnavailableException) when (Seen is not null)
            {
                // One that stands by need not end because the store can't be asked for a while.
                continue;
            }

            if (IsOurs) break;
            if (Seen!.Holder == told) continue;
            told = Seen.Holder;
            StandsBy?.Invoke(StandsByBecause!);
        }

        store.Fence = new Fence(LeaseOptions.WholeSite, Seen!.Token);
    }

    /// <summary>Renews it until cancelled, or until another server has it.</summary>
    private async Task KeepAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await time.WaitAsync(Pause, ct);
                if (await IsStillOursAsync(ct)) continue;
                Lost?.Invoke(new LeaseLostException($"another server has taken over: {Seen!.Holder}"));
                return;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<bool> IsStillOursAsync(CancellationToken ct)
    {
        try
        {
            await AskAsync(Seen!.Token, ct);
            return IsOurs;
        }
        catch (StoreUnavailableException)
        {
            // Tried again; until then WhyNot holds everything up once it is late.
            return true;
        }
    }

    private async Task GiveBackAsync()
    {
        if (!IsOurs) return;
        try
        {
            await store.LeaseAsync(Wish(Seen!.Token) with { GivesBack = true }, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    private async Task AskAsync(long? token, CancellationToken ct)
    {
        // Counted from before the question: the answer may have taken its time.
        var asked = time.GetTimestamp();
        Seen = await store.LeaseAsync(Wish(token), ct);
        if (IsOurs) _renewed = asked;
        else if (_others?.Lease != Seen) _others = (Seen, asked);
    }

    private LeaseWish Wish(long? token) => new(LeaseOptions.WholeSite, options.Holder, token, time.GetUtcNow(), options.Duration)
    {
        Unrenewed = _others is { } seen ? time.GetElapsedTime(seen.Since) : TimeSpan.Zero,
        GoneWith = options.GoneWith(),
    };
}
