namespace Ulm.Libvirt;

/// <summary>The libvirt client library is not installed on this machine, or too old for this binding.</summary>
public sealed class LibvirtUnavailableException : Exception
{
    internal LibvirtUnavailableException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
