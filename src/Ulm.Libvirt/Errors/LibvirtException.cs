namespace Ulm.Libvirt;

/// <summary>A call that libvirt refused or that failed, in libvirt's own words (<c>virGetLastError</c>). Immutable.</summary>
public sealed class LibvirtException : Exception
{
    internal LibvirtException(
        LibvirtErrorCode code, LibvirtErrorDomain domain, LibvirtErrorLevel level, string words, string call, string uri, bool connectionFailed)
        : base($"{words} ({call} on {uri})")
    {
        (Code, Domain, Level, Words, Call, Uri, ConnectionFailed) = (code, domain, level, words, call, uri, connectionFailed);
    }

    /// <summary>What went wrong.</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>The part of libvirt that said so.</summary>
    public LibvirtErrorDomain Domain { get; }

    /// <summary>How grave libvirt calls it.</summary>
    public LibvirtErrorLevel Level { get; }

    /// <summary>libvirt's message alone, without the call and the URI.</summary>
    public string Words { get; }

    /// <summary>The libvirt function that failed.</summary>
    public string Call { get; }

    /// <summary>The connection it was called on.</summary>
    public string Uri { get; }

    /// <summary>
    /// The connection is what failed: the host could not be reached, or the connection broke under the call. In the second case the
    /// host may still carry out what it was asked: the outcome is unknown until it is asked again. Where <see cref="Call"/> is
    /// virConnectOpen, nothing was asked.
    /// </summary>
    public bool ConnectionFailed { get; }

    internal LibvirtException With(bool connectionFailed) => new(Code, Domain, Level, Words, Call, Uri, connectionFailed);
}
