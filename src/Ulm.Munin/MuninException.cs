namespace Ulm.Munin;

/// <summary>What kind of thing went wrong with a munin-node. Closed: a caller may switch over it.</summary>
public enum MuninFault
{
    /// <summary>No TCP connection: refused, unreachable, or the name does not resolve.</summary>
    ConnectFailed,

    /// <summary>The node did not finish within the limit, however busily it may have sent.</summary>
    Timeout,

    /// <summary>The node closed or reset the connection before its answer was complete.</summary>
    ConnectionClosed,

    /// <summary>The node sent something the protocol does not allow at that place.</summary>
    ProtocolViolation,

    /// <summary>A line or an answer outgrew its limit; the rest was not read.</summary>
    ResponseTooLarge,

    /// <summary>The node does not know the plugin. The connection stays good.</summary>
    UnknownPlugin,

    /// <summary>The node ran the plugin and says that it timed out or exited badly. The connection stays good.</summary>
    PluginFailed,

    /// <summary>TLS is wanted by one side and could not be had, or the certificate was refused.</summary>
    TlsFailed,
}

/// <summary>
/// The one error this library reports for a node; <see cref="Fault"/> tells the kind. Its message is complete: address, command, numbers.
/// </summary>
public sealed class MuninException : Exception
{
    internal const string Connecting = "connect";

    internal MuninException(MuninFault fault, string node, string command, string what, Exception? inner = null)
        : base($"munin node {node}: {command}: {what}", inner)
    {
        Fault = fault;
        Node = node;
        Command = command;
    }

    public MuninFault Fault { get; }

    /// <summary>Address as it was configured, <c>host:port</c>.</summary>
    public string Node { get; }

    /// <summary>The protocol command, or <c>connect</c> for everything up to and including the exchange of capabilities.</summary>
    public string Command { get; }

    /// <summary>True if no usable connection came about: asking the same node for another plugin right away is pointless.</summary>
    public bool IsNodeWide => Command == Connecting;

    /// <summary>True if the answer was read to its end, so that the connection can carry the next command.</summary>
    internal bool LeavesConnectionGood => Fault is MuninFault.UnknownPlugin or MuninFault.PluginFailed;
}
