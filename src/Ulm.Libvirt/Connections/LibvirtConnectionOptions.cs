namespace Ulm.Libvirt;

/// <summary>How to reach one hypervisor and how patient to be with it. Immutable.</summary>
public sealed record LibvirtConnectionOptions
{
    /// <summary>libvirt's URI of it, such as qemu+tls://host/system or test:///default. Required.</summary>
    public required string Uri { get; init; }

    /// <summary>
    /// How often a silent host is asked whether it lives (<c>virConnectSetKeepAlive</c>), in whole seconds; zero never. Default 5 s.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many of these may go unanswered before the connection is given up. Default 3: a dead host is noticed within 20 s.
    /// </summary>
    public int KeepAliveCount { get; init; } = 3;

    /// <summary>How long a caller waits for a call that reads. Default 10 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a caller waits for a call that changes something (start, destroy, define, suspend). Default 60 s.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause before the first attempt to open again; it doubles with each failure. Default 0.5 s.</summary>
    public TimeSpan FirstReconnectPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between two attempts. Default 15 s.</summary>
    public TimeSpan MaxReconnectPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told of exceptions that subscribers throw; without it they are dropped. Default null.</summary>
    public Action<Exception>? OnSubscriberError { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Uri);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CallTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(OperationTimeout, CallTimeout);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstReconnectPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReconnectPause, FirstReconnectPause);
        if (KeepAliveInterval > TimeSpan.Zero && KeepAliveInterval < TimeSpan.FromSeconds(1))
            throw new ArgumentOutOfRangeException(
                nameof(KeepAliveInterval), KeepAliveInterval, "libvirt counts in whole seconds: zero, or one second and up");
    }
}
