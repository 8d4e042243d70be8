using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>Owns one reference to a <c>virDomainPtr</c>, which itself keeps its connection open (<c>virDomainFree</c>).</summary>
internal sealed class DomainHandle : SafeHandle
{
    public DomainHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtApi.virDomainFree(handle) == 0;
}
