namespace Ulm.Libvirt;

/// <summary>
/// A host did not answer in time. The native call cannot be taken back: it goes on in the background until the host answers or
/// keepalive gives the connection up, so what was asked may still happen.
/// </summary>
public sealed class LibvirtTimeoutException : TimeoutException
{
    internal LibvirtTimeoutException(string message, string call, string uri, TimeSpan waited)
        : base($"{message} ({call} on {uri})")
    {
        (Call, Uri, Waited) = (call, uri, waited);
    }

    /// <summary>The libvirt function that was to be called.</summary>
    public string Call { get; }

    /// <summary>The connection it was to be called on.</summary>
    public string Uri { get; }

    /// <summary>How long this caller waited; zero where an earlier call was known to be stuck and this one was never sent.</summary>
    public TimeSpan Waited { get; }
}
