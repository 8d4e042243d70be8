using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>
/// What must happen once in a process before the first connection opens: the library is there, it keeps quiet on stderr, and its event
/// loop runs (keepalive, close callbacks and domain events all depend on it).
/// </summary>
internal static unsafe class LibvirtRuntime
{
    private static readonly Lock Gate = new();
    private static bool _started;

    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (_started) return;
            Require(LibvirtApi.Library);
            try
            {
                Start();
            }
            catch (EntryPointNotFoundException e)
            {
                throw new LibvirtUnavailableException($"The installed {LibvirtApi.Library} is too old for this binding: {e.Message}", e);
            }
            _started = true;
        }
    }

    /// <summary>Throws where <paramref name="library"/> cannot be loaded.</summary>
    internal static void Require(string library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(LibvirtRuntime).Assembly, null, out _))
            throw new LibvirtUnavailableException(
                $"{library} cannot be loaded: the libvirt client library is not installed. Install the package libvirt0 (Debian, Ubuntu) or libvirt-libs (Fedora).");
    }

    private static void Start()
    {
        LastError.Check(LibvirtApi.virInitialize(), "virInitialize", "this process");
        LibvirtApi.virSetErrorFunc(0, &Quiet);   // errors become exceptions; libvirt's default handler would print them as well
        LastError.Check(LibvirtApi.virEventRegisterDefaultImpl(), "virEventRegisterDefaultImpl", "this process");
        new Thread(RunEvents) { IsBackground = true, Name = "libvirt events" }.Start();
    }

    private static void RunEvents()
    {
        using var never = new ManualResetEvent(false);
        while (true)
            if (LibvirtApi.virEventRunDefaultImpl() < 0)
                never.WaitOne(millisecondsTimeout: 100);   // it is not known to fail; if it does, it must not spin
    }

    [UnmanagedCallersOnly]
    private static void Quiet(nint userData, nint error)
    {
    }
}
