using System.Runtime.InteropServices;

namespace Ulm.Server.Policies;

/// <summary>Who else uses a file.</summary>
internal static class OpenFiles
{
    private const int SetSignal = 10;     // F_SETSIG
    private const int Urgent = 23;        // SIGURG
    private const int SetLease = 1024;    // F_SETLEASE
    private const int ReadLease = 0;      // F_RDLCK
    private const int NoLease = 2;        // F_UNLCK
    private const int TryAgain = 11;      // EAGAIN

    /// <summary>
    /// True while any process has the file open for writing: Linux grants a read lease on no such file (fcntl(2), F_SETLEASE). False also where it
    /// grants none for another reason: on a network file system, or on a file of another user.
    /// </summary>
    public static bool IsOpenForWriting(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var handle = file.DangerousGetHandle().ToInt32();
            // Whoever opens the file for writing while the lease lasts would have the kernel send us SIGIO, which ends a process; SIGURG does nothing.
            if (Control(handle, SetSignal, Urgent) != 0) return false;
            if (Control(handle, SetLease, ReadLease) != 0) return Marshal.GetLastPInvokeError() == TryAgain;
            _ = Control(handle, SetLease, NoLease);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, int command, int argument);
}
