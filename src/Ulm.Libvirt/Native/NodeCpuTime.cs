using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary><c>virNodeCPUStats</c> of libvirt-host.h: one named figure, in nanoseconds since the host was booted.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NodeCpuTime
{
    public fixed byte Field[80];
    public ulong Value;
}
