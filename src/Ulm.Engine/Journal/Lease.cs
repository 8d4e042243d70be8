namespace Ulm.Engine.Journal;

/// <summary>The right to act, as the store has it: one server at a time, by a number that grows whenever it changes hands.</summary>
/// <param name="Scope">What it is for: a site, later a cluster.</param>
/// <param name="Holder">Empty: given back, nobody has it.</param>
/// <param name="Token">Carried by all that its holder writes; what carries an older one is refused.</param>
/// <param name="Until">By the holder's clock. Nobody's safety rests on it: see <see cref="After"/>.</param>
public sealed record Lease(string Scope, string Holder, long Token, DateTimeOffset Until)
{
    /// <summary>The lease after somebody asked for it. Pure, so that all stores answer alike; to be read and written in one transaction.</summary>
    /// <param name="current">Null: nobody ever had it.</param>
    public static Lease After(Lease? current, LeaseWish wish)
    {
        if (current is null) return wish.GivesBack ? new Lease(wish.Scope, "", 0, wish.At) : new Lease(wish.Scope, wish.Holder, 1, wish.At + wish.For);
        if (current.Holder == wish.Holder && current.Token == wish.Token) return wish.GivesBack ? current with { Holder = "", Until = wish.At } : current with { Until = wish.At + wish.For };
        return !wish.GivesBack && IsFree(current, wish) ? new Lease(wish.Scope, wish.Holder, current.Token + 1, wish.At + wish.For) : current;
    }

    /// <exception cref="LeaseLostException">The fence is of another time than the lease.</exception>
    public static void Guard(Lease? current, Fence? fence)
    {
        if (fence is { } mine && current?.Token != mine.Token) throw new LeaseLostException($"another server acts on this site: {current?.Holder}");
    }

    /// <summary>
    /// Clocks of two machines may differ by anything. So a lease is over once whoever wants it has seen it unrenewed for its whole length by a clock
    /// of his own; or at once, where its holder is known to be gone. What stands in it as its end decides nothing.
    /// </summary>
    private static bool IsFree(Lease current, LeaseWish wish) =>
        current.Holder.Length == 0 || wish.Unrenewed >= wish.For
        || wish.GoneWith is { } gone && current.Holder.StartsWith(gone, StringComparison.Ordinal);
}

/// <param name="Holder">Who asks.</param>
/// <param name="Token">That of the lease he has; null: he has none.</param>
/// <param name="For">How long it is to be his before he asks again.</param>
public sealed record LeaseWish(string Scope, string Holder, long? Token, DateTimeOffset At, TimeSpan For)
{
    /// <summary>For how long he has seen the lease that another has stay as it is.</summary>
    public TimeSpan Unrenewed { get; init; }

    /// <summary>Holders whose names begin so are gone: processes of his own machine that have ended. Null: nobody is known to be.</summary>
    public string? GoneWith { get; init; }

    /// <summary>He is about to end.</summary>
    public bool GivesBack { get; init; }
}

/// <summary>What a server's writing has to be allowed by, checked in the same transaction.</summary>
public sealed record Fence(string Scope, long Token);

/// <summary>Another server has the right to act by now. Nothing of this one's is kept any more.</summary>
public sealed class LeaseLostException(string message) : StoreUnavailableException(message, null);
