using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary><c>virNodeInfo</c> of libvirt-host.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NodeInfo
{
    public fixed byte Model[32];
    public nuint MemoryKiB;   // C's unsigned long
    public uint Cpus;
    public uint Mhz;
    public uint Nodes;
    public uint Sockets;
    public uint Cores;
    public uint Threads;
}
