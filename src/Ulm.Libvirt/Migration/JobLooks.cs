using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Connections;
using Ulm.Libvirt.Domains;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Migration;

/// <summary>
/// Looks at one domain's job on a connection of their own, opened by the first and again after it broke: while libvirt waits for a target that takes no
/// connection, a look gets its answer 30 s later, and nothing else on the connection would get one before. One look at a time; the connection is closed
/// after the look that is under way, for the reason <see cref="CallGate"/> gives.
/// </summary>
internal sealed class JobLooks(LibvirtConnectionOptions options, TimeProvider time, Guid uuid)
{
    private readonly CallGate _gate = new(options.Uri, time);
    private Session? _session;
    private volatile bool _closed;

    /// <exception cref="LibvirtException">There is no such domain, or the host does not answer.</exception>
    /// <exception cref="LibvirtTimeoutException">No answer in time, or an earlier look is stuck.</exception>
    public async Task<bool> LookAsync(Func<DomainHandle, bool> at)
    {
        if (_session is { LostBecause: not null }) CloseSession();
        var session = _session ??= await AsideSession.OpenAsync(options, time, CancellationToken.None).ConfigureAwait(false);
        if (_closed) CloseSession();
        return await _gate.RunAsync("virDomainGetJobStats", options.OperationTimeout, () => session.Judge(conn =>
        {
            using var domain = DomainReader.Known(conn, uuid, options.Uri);
            return !_closed && at(domain);
        }), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A look under way ends by itself, and is not heard any more.</summary>
    public void Close()
    {
        _closed = true;
        CloseSession();
    }

    private void CloseSession()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session) _ = _gate.RunLastAsync(session.Close);
    }
}
