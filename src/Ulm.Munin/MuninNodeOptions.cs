namespace Ulm.Munin;

/// <summary>Where a munin-node is and how much of our time and memory it may take. Immutable.</summary>
public sealed record MuninNodeOptions
{
    /// <summary>Host name or IP address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port; munin's own is 4949.</summary>
    public int Port { get; init; } = 4949;

    /// <summary>Limit for name lookup, TCP, banner, TLS and capabilities together. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Limit for one command with its whole answer, the plugin's run included. Default 10 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest line taken, in bytes without its end; <c>list</c> answers with one line for all plugins. Default 64 KiB.</summary>
    public int MaxLineBytes { get; init; } = 64 << 10;

    /// <summary>Largest answer to one command, in bytes. Default 8 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 8 << 20;

    /// <summary>
    /// A connection older than this is replaced between two commands. Default 10 min: munin-node ends a session after 15 min
    /// (its <c>global_timeout</c>), at times in the middle of an answer.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether and how to ask for TLS. Default: not.</summary>
    public MuninTls Tls { get; init; } = MuninTls.Disabled;

    internal string Address => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Host);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CommandTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectionLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLineBytes, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxResponseBytes, MaxLineBytes);
    }
}
