using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary><c>virDomainStatsRecord</c> of libvirt-domain.h. The domain is borrowed: it lives as long as the list it came in.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StatsRecord
{
    public nint Domain;
    public TypedParameter* Parameters;
    public int Count;
}
