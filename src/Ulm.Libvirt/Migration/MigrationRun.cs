using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Migration;

/// <summary>
/// One migration under way: the native call holds a thread until it is over; beside it, every quarter of a second, the job is asked how
/// far it is, switched to post-copy when its time has come, and aborted when it may not go on. It talks to the host past the
/// connection's <see cref="CallGate"/>, so that a stuck call on another guest cannot keep it from aborting.
/// </summary>
internal sealed class MigrationRun(
    DomainHandle domain, string uri, string destinationUri, MigrationOptions options, IProgress<MigrationProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);

    private enum Stop { No, Cancelled, TimedOut, Stalled }

    private readonly StallWatch _stall = new(options.StallTimeout);
    private volatile MigrationProgress? _last;
    private bool _downtimeSet = options.MaxDowntime is null;
    private bool _postCopyStarted = options.PostCopyAfter is null;

    /// <summary>Ends when the native call has ended, however it was stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var migration = NativeWorkers.Run(Migrate);
        var (stop, poll, abort) = (Stop.No, Task.CompletedTask, Task.CompletedTask);
        while (true)
        {
            // Once stopping, the token must not turn the waits into a busy loop.
            var tick = Task.Delay(PollEvery, time, stop == Stop.No ? cancellationToken : CancellationToken.None);
            await Task.WhenAny(migration, tick).ConfigureAwait(false);
            if (migration.IsCompleted) break;
            if (stop == Stop.No) stop = WhyStop(time.GetElapsedTime(started), cancellationToken);
            // One of each at a time, and an abort does not wait for a look that hangs. It is repeated until the migration ends: the
            // first may have come before the job began.
            if (stop == Stop.No && poll.IsCompleted) poll = NativeWorkers.Run(() => Poll(time.GetElapsedTime(started)));
            if (stop != Stop.No && abort.IsCompleted) abort = NativeWorkers.Run(Abort);
        }
        // Let a look under way end, so that no progress comes after the end; one that hangs is left to itself.
        await Task.WhenAny(Task.WhenAll(poll, abort), Task.Delay(PollEvery, time, CancellationToken.None)).ConfigureAwait(false);
        await EndAsync(migration, stop, cancellationToken).ConfigureAwait(false);
    }

    private Stop WhyStop(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Stop.Cancelled;
        if (elapsed > options.Timeout) return Stop.TimedOut;
        return _last is { } last && _stall.Observe(last.DataRemainingBytes, elapsed) ? Stop.Stalled : Stop.No;
    }

    // A migration that got through although it was to stop has moved the guest: it is reported as what it is, done. One that lost its
    // connection is reported as that, since the host may still carry it through.
    private async Task EndAsync(Task migration, Stop stop, CancellationToken cancellationToken)
    {
        try
        {
            await migration.ConfigureAwait(false);
        }
        catch (LibvirtException e) when (stop != Stop.No && !e.ConnectionFailed)
        {
            throw stop == Stop.Cancelled
                ? new OperationCanceledException($"The migration to {destinationUri} was aborted: {e.Message}", e, cancellationToken)
                : new LibvirtMigrationTimeoutException(
                    stop == Stop.Stalled
                        ? $"The migration to {destinationUri} was aborted: nothing gained for {options.StallTimeout}"
                        : $"The migration to {destinationUri} was aborted: not done after {options.Timeout}",
                    stop == Stop.Stalled, _last, e);
        }
    }

    private void Migrate()
    {
        using var parameters = new TypedParameterList(uri);
        if (options.BandwidthMiBps > 0) parameters.Add("bandwidth", (ulong)options.BandwidthMiBps);
        if (options.DestinationName is { } name) parameters.Add("destination_name", name);
        if (options.MigrationUri is { } migrationUri) parameters.Add("migrate_uri", migrationUri);
        if (options.GraphicsUri is { } graphicsUri) parameters.Add("graphics_uri", graphicsUri);
        LastError.Check(
            LibvirtApi.virDomainMigrateToURI3(domain, destinationUri, parameters.Pointer, parameters.Count, (uint)MigrateFlagsOf(options)),
            "virDomainMigrateToURI3", uri);
    }

    internal static MigrateFlags MigrateFlagsOf(MigrationOptions options) =>
        MigrateFlags.Live | MigrateFlags.PeerToPeer
        | (options.PersistDestination ? MigrateFlags.PersistDestination : 0)
        | (options.UndefineSource ? MigrateFlags.UndefineSource : 0)
        | (options.AutoConverge ? MigrateFlags.AutoConverge : 0)
        | (options.PostCopy ? MigrateFlags.PostCopy : 0);

    // A look that fails (the job just ended, the caller's progress threw) says nothing about the migration.
    private void Poll(TimeSpan elapsed)
    {
        if (JobReader.Read(domain, 0, uri) is not { Operation: JobOperation.MigrationOut } now) return;
        _last = now;
        progress?.Report(now);
        // Both are only accepted while the job runs; what is refused now is tried again at the next tick.
        if (!_downtimeSet)
            _downtimeSet = LibvirtApi.virDomainMigrateSetMaxDowntime(domain, (ulong)options.MaxDowntime!.Value.TotalMilliseconds, 0) >= 0;
        if (!_postCopyStarted && elapsed >= options.PostCopyAfter)
            _postCopyStarted = LibvirtApi.virDomainMigrateStartPostCopy(domain, 0) >= 0;
    }

    private void Abort() => LibvirtApi.virDomainAbortJob(domain);
}
