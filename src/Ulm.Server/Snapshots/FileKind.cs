using System.Runtime.InteropServices;

namespace Ulm.Server.Snapshots;

/// <summary>What a path leads to. .NET shows pipes, sockets and plain files as one kind, and to open one just to see may block for ever.</summary>
internal enum FileKind
{
    /// <summary>There is nothing, or it may not be looked at.</summary>
    None,
    Regular,
    Directory,
    Socket,
    Other,
}

internal static class FileKinds
{
    private const int CurrentFolder = -100;   // AT_FDCWD
    private const uint TypeOnly = 1;          // STATX_TYPE
    private const int ModeOffset = 28;        // of stx_mode, the same on every architecture: the reason to ask statx and not stat

    public static FileKind Of(string path)
    {
        var answer = new byte[256];
        if (Statx(CurrentFolder, path, 0, TypeOnly, answer) != 0) return FileKind.None;
        return (BitConverter.ToUInt16(answer, ModeOffset) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xC000 => FileKind.Socket,
            _ => FileKind.Other,
        };
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] answer);
}
