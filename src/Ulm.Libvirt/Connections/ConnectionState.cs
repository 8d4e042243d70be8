namespace Ulm.Libvirt;

/// <summary>Whether a connection is open.</summary>
public enum ConnectionState
{
    /// <summary>Not open: never used yet, or lost, or the host could not be reached.</summary>
    Disconnected,

    /// <summary>Open, as far as keepalive knows.</summary>
    Connected,
}

/// <summary>A connection came up or went down.</summary>
/// <param name="State">What it is now.</param>
/// <param name="Reason">Why it is not connected, in words; empty where it is.</param>
/// <param name="At">When this program noticed.</param>
public sealed record ConnectionStateChange(ConnectionState State, string Reason, DateTimeOffset At);
