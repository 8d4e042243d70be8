namespace Ulm.Munin;

/// <summary>Immutable.</summary>
public sealed record MuninCollectorOptions
{
    /// <summary>
    /// After this long a plugin is asked for its configuration again. It is asked earlier when the connection was made anew, or when a
    /// value comes that the configuration does not know. Default 5 min, as munin's own master.
    /// </summary>
    public TimeSpan ConfigLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Values further apart than this make no rate. Default 10 min, munin's heartbeat.</summary>
    public TimeSpan MaxGap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Limit for one poll of all plugins; those not reached by then are reported as timed out. Default 30 s.</summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConfigLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxGap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollTimeout, TimeSpan.Zero);
    }
}
