using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>
/// What an error that ended a migration says of its target. Tried on the lab's hosts (libvirt 9.0, QEMU 7.2), where the source's libvirt passes on what the
/// target's said, in that one's numbers and words.
/// </summary>
/// <remarks>
/// SYSTEM_ERROR of the RPC part: the target's libvirt, or its port for memory, takes no connection. INTERNAL_ERROR: its QEMU can't start (no memory, an
/// emulator that ends), or its libvirt went meanwhile. OPERATION_FAILED: another VM there has this one's name, its QEMU went meanwhile, or the VM's CPU has
/// features that it lacks. HOOK_SCRIPT_FAILED: its hook refuses the VM.
/// </remarks>
internal static class MigrationBlame
{
    private const int TcpPort = 16509, TlsPort = 16514;

    /// <summary>Another host may well take it. What is said of a VM that can't move at all has other codes (such as OPERATION_INVALID, MIGRATE_UNSAFE).</summary>
    public static bool IsOfTarget(LibvirtErrorCode code) => code is
        LibvirtErrorCode.OperationFailed or LibvirtErrorCode.SystemError or LibvirtErrorCode.InternalError or LibvirtErrorCode.NoConnect or LibvirtErrorCode.Rpc
        or LibvirtErrorCode.GnutlsError or LibvirtErrorCode.AuthFailed or LibvirtErrorCode.NoMemory or LibvirtErrorCode.HookScriptFailed or LibvirtErrorCode.CpuIncompatible
        // It lacks what the VM is defined with: a type of machine, a NUMA node; a network, a pool or volume, a secret.
        or LibvirtErrorCode.ConfigUnsupported or LibvirtErrorCode.NoNetwork or LibvirtErrorCode.NoStoragePool or LibvirtErrorCode.NoStorageVol or LibvirtErrorCode.NoSecret;

    /// <summary>
    /// True: the source's libvirt could not connect to the target's, which it does before anything else, so that nothing of the VM is there. The port for
    /// memory, to which QEMU connects later, is refused in the same words: only the address tells them apart.
    /// </summary>
    /// <param name="words">libvirt's message.</param>
    /// <param name="targetUri">The target as the source was told to reach it.</param>
    public static bool IsUnreached(LibvirtErrorCode code, string words, string targetUri) => code switch
    {
        LibvirtErrorCode.SystemError => words.Contains($"unable to connect to server at '{AddressOf(targetUri)}'", StringComparison.OrdinalIgnoreCase)
            || words.Contains($"Unable to resolve address '{HostOf(targetUri)}'", StringComparison.OrdinalIgnoreCase)
            || words.Contains($"ssh: connect to host {HostOf(targetUri)} ", StringComparison.OrdinalIgnoreCase),
        // Other releases put it so (qemuMigrationSrcPerformPeer2Peer).
        LibvirtErrorCode.OperationFailed => words.Contains("Failed to connect to remote libvirt URI", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>A connection to the target was waited for until it failed: behind a firewall that drops what it does not let in, about two minutes.</summary>
    public static bool IsUnanswered(LibvirtErrorCode code, string words) =>
        code == LibvirtErrorCode.SystemError && words.Contains("unable to connect to server at", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A migration that was to be able to switch to post-copy was not begun, as the kernel or QEMU at one end can't: QEMU says so of a host whose kernel gives it no
    /// userfaultfd, libvirt of a QEMU that is too old. One that broke in post-copy is said to have done so in nearly the same words.
    /// </summary>
    public static bool IsWithoutPostCopy(string words) =>
        (words.Contains("postcopy", StringComparison.OrdinalIgnoreCase) || words.Contains("post-copy", StringComparison.OrdinalIgnoreCase))
        && !words.Contains("in post-copy phase", StringComparison.OrdinalIgnoreCase);

    private static string HostOf(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? parsed.Host : uri;

    private static string AddressOf(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
        ? $"{parsed.Host}:{(parsed.Port > 0 ? parsed.Port : parsed.Scheme.EndsWith("+tcp", StringComparison.Ordinal) ? TcpPort : TlsPort)}"
        : uri;
}
