using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Connections;
using Ulm.Libvirt.Migration;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt;

public sealed partial class LibvirtConnection
{
    /// <summary>
    /// Moves a running domain from this host to another while it runs (<c>virDomainMigrateToURI3</c>, peer to peer) and returns when it has
    /// moved. It uses two connections of its own for as long as it lasts.
    /// </summary>
    /// <remarks>
    /// Cancellation and the timeouts of <paramref name="options"/> abort the job (<c>virDomainAbortJob</c>) and wait until the native
    /// call has
    /// returned; only then does the caller hear of it, so what it finds at the hosts is final. A migration that was to be aborted but got
    /// through completes normally. In post-copy nothing can be aborted and the wait lasts until it is over. With
    /// <see cref="LibvirtException.ConnectionFailed"/> the connection broke meanwhile: the source host goes on by itself, and where the
    /// guest
    /// is must be asked of both hosts.
    /// </remarks>
    /// <param name="uuid">The domain.</param>
    /// <param name="destinationUri">The destination as the source host reaches it, such as qemu+tls://host2/system.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told about every 250 ms while libvirt has figures; called on a thread of its own, exceptions it throws are
    /// dropped.</param>
    /// <param name="cancellationToken">Aborts the migration.</param>
    /// <exception cref="LibvirtException">It failed. The guest runs on at the source, unless the connection failed (ask both hosts) or
    /// the code is
    /// <see cref="LibvirtErrorCode.MigratePersistFailed"/> (it runs at the destination, which could not keep its definition).</exception>
    /// <exception cref="LibvirtMigrationTimeoutException">It was aborted for taking or standing still too long.</exception>
    /// <exception cref="OperationCanceledException">It was aborted at the caller's wish.</exception>
    public async Task MigrateAsync(
        Guid uuid, string destinationUri, MigrationOptions options, IProgress<MigrationProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destinationUri);
        options.Validate();
        await _keeper.GetAsync(cancellationToken).ConfigureAwait(false);   // fails at once where the host is known to be down
        var own = await AsideSession.OpenAsync(_options, _time, cancellationToken).ConfigureAwait(false);
        var looks = new JobLooks(_options, _time, uuid);
        try
        {
            await new MigrationRun(
                new MigrationCalls(_options, own, uuid, looks),
                destinationUri, options, progress, _time).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            looks.Close();
            _ = NativeWorkers.Run(own.Close);
        }
    }

    /// <summary>The job a domain is in, if any (<c>virDomainGetJobStats</c>).</summary>
    public Task<MigrationProgress?> GetJobAsync(Guid uuid, CancellationToken cancellationToken) =>
        OnDomainAsync("virDomainGetJobStats", _options.CallTimeout, uuid, domain => JobReader.Read(domain, 0, Uri), cancellationToken);

    /// <summary>
    /// The last finished job of a domain, with its measured downtime, as far as this host remembers; after a migration the destination
    /// does.
    /// </summary>
    public Task<MigrationProgress?> GetCompletedJobAsync(Guid uuid, CancellationToken cancellationToken) =>
        OnDomainAsync("virDomainGetJobStats", _options.CallTimeout, uuid, domain =>
            JobReader.Read(domain, JobReader.Completed | JobReader.KeepCompleted, Uri), cancellationToken);

    /// <summary>Aborts a domain's job (<c>virDomainAbortJob</c>): a migration, a save, a dump.</summary>
    public Task AbortJobAsync(Guid uuid, CancellationToken cancellationToken) =>
        OnDomainAsync("virDomainAbortJob", _options.CallTimeout, uuid, domain =>
            LastError.Check(LibvirtApi.virDomainAbortJob(domain), "virDomainAbortJob", Uri), cancellationToken);
}
