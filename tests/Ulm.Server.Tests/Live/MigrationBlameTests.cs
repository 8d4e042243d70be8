using Ulm.Libvirt;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

/// <summary>Errors as libvirt 9.0 gave them on the lab's hosts, each made by hand once.</summary>
public sealed class MigrationBlameTests
{
    private const string Tcp = "qemu+tcp://10.77.0.12/system";

    [Theory]
    [InlineData(LibvirtErrorCode.SystemError, Tcp, "unable to connect to server at '10.77.0.12:16509': Connection refused", true)]   // its libvirtd is gone
    [InlineData(LibvirtErrorCode.SystemError, Tcp, "unable to connect to server at '10.77.0.12:16509': No route to host", true)]
    [InlineData(LibvirtErrorCode.SystemError, "qemu+tcp://10.77.0.12:16999/system", "unable to connect to server at '10.77.0.12:16999': Connection timed out", true)]
    [InlineData(LibvirtErrorCode.SystemError, "qemu+tls://h2/system", "unable to connect to server at 'h2:16514': Connection refused", true)]
    [InlineData(LibvirtErrorCode.SystemError, "qemu+tcp://nowhere.invalid/system", "Unable to resolve address 'nowhere.invalid' service '16509': Temporary failure in name resolution", true)]
    [InlineData(LibvirtErrorCode.SystemError, "qemu+ssh://10.77.0.12/system", "Cannot recv data: ssh: connect to host 10.77.0.12 port 22: Connection refused: Connection reset by peer", true)]
    [InlineData(LibvirtErrorCode.OperationFailed, Tcp, "operation failed: Failed to connect to remote libvirt URI qemu+tcp://10.77.0.12/system: Connection refused", true)]
    [InlineData(LibvirtErrorCode.SystemError, Tcp, "unable to connect to server at 'h2:49152': Connection refused", false)]           // the port for memory: the target has begun
    [InlineData(LibvirtErrorCode.InternalError, Tcp, "internal error: client socket is closed", false)]                               // its libvirtd went midway, or its cable
    [InlineData(LibvirtErrorCode.InternalError, Tcp, "internal error: process exited while connecting to monitor: -accel tcg: allocate 1073741824 bytes for jit buffer: Cannot allocate memory", false)]
    [InlineData(LibvirtErrorCode.OperationFailed, Tcp, "operation failed: domain 'heavy' already exists with uuid 11111111-2222-3333-4444-555555555555", false)]
    [InlineData(LibvirtErrorCode.OperationFailed, Tcp, "operation failed: job 'migration out' failed: Unable to write to socket: Bad file descriptor", false)]   // its QEMU was killed
    [InlineData(LibvirtErrorCode.HookScriptFailed, Tcp, "Hook script execution failed: internal error: Child process (/etc/libvirt/hooks/qemu heavy migrate begin -) unexpected exit status 1", false)]
    public void What_a_target_is_to_blame_for_is_tried_elsewhere_and_whether_it_was_reached_is_told_by_the_address(LibvirtErrorCode code, string target, string words, bool unreached)
    {
        Assert.True(MigrationBlame.IsOfTarget(code));
        Assert.Equal(unreached, MigrationBlame.IsUnreached(code, words, target));
    }

    /// <summary>One that broke in post-copy must not be begun anew.</summary>
    [Theory]
    [InlineData("internal error: unable to execute QEMU command 'migrate-set-capabilities': Postcopy is not supported", true)]
    [InlineData("argument unsupported: Migration option 'postcopy' is not supported by QEMU binary", true)]
    [InlineData("operation failed: job 'migration out' failed in post-copy phase", false)]
    [InlineData("operation failed: job 'migration out' failed: Unable to write to socket: Bad file descriptor", false)]
    public void What_can_t_be_finished_by_post_copy_is_begun_without_it(string words, bool without) => Assert.Equal(without, MigrationBlame.IsWithoutPostCopy(words));

    [Theory]
    [InlineData(LibvirtErrorCode.OperationInvalid)]      // another migration of it is under way; a device of its host; it is not running
    [InlineData(LibvirtErrorCode.MigrateUnsafe)]
    [InlineData(LibvirtErrorCode.OperationTimeout)]      // another job holds the VM
    [InlineData(LibvirtErrorCode.OperationAborted)]      // somebody aborted it
    [InlineData(LibvirtErrorCode.NoDomain)]
    public void What_no_other_host_would_change_is_not_tried_elsewhere(LibvirtErrorCode code) => Assert.False(MigrationBlame.IsOfTarget(code));
}
