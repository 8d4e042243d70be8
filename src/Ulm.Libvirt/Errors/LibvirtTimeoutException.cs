namespace Ulm.Libvirt;

/// <summary>
/// A host did not answer in time. A native call cannot be taken back: it goes on in the background until the host answers or keepalive
/// gives the connection up, so where <see cref="Sent"/> is true, what was asked may still happen.
/// </summary>
public sealed class LibvirtTimeoutException : TimeoutException
{
    internal LibvirtTimeoutException(string message, string call, string uri, TimeSpan waited, bool sent)
        : base($"{message} ({call} on {uri})")
    {
        (Call, Uri, Waited, Sent) = (call, uri, waited, sent);
    }

    /// <summary>The libvirt function that was to be called.</summary>
    public string Call { get; }

    /// <summary>The connection it was to be called on.</summary>
    public string Uri { get; }

    /// <summary>How long this caller waited; zero where an earlier call was known to be stuck.</summary>
    public TimeSpan Waited { get; }

    /// <summary>False where the host was never asked, so that nothing can have happened there.</summary>
    public bool Sent { get; }
}
