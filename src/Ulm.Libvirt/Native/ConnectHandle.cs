using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>
/// Owns one reference to a <c>virConnectPtr</c>. Releasing it may send a last message to the host and wait for the reply
/// (<c>virConnectClose</c>), so it is disposed on a worker thread.
/// </summary>
internal sealed class ConnectHandle : SafeHandle
{
    public ConnectHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibvirtApi.virConnectClose(handle) >= 0;
}
