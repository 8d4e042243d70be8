using System.Diagnostics;

namespace Ulm.Libvirt.Tests.Support;

/// <summary>This process's memory, native allocations included.</summary>
public static class Resident
{
    public static long Bytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
