namespace Ulm.Libvirt;

/// <summary>How grave libvirt calls an error (<c>virErrorLevel</c>).</summary>
public enum LibvirtErrorLevel
{
    None = 0,
    Warning = 1,
    Error = 2,
}
