using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Migration;

/// <summary>
/// One migration under way: the native call holds a thread until it is over; beside it, every quarter of a second, the job is asked how
/// far it is, switched to post-copy when its time has come, and aborted when it may not go on.
/// </summary>
internal sealed class MigrationRun(
    MigrationCalls calls, string destinationUri, MigrationOptions options, IProgress<MigrationProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AbortEvery = TimeSpan.FromMilliseconds(500);

    private enum Stop { No, Cancelled, TimedOut, Stalled }

    private readonly StallWatch _stall = new(options.StallTimeout);
    private volatile MigrationProgress? _last;
    private bool _downtimeSet = options.MaxDowntime is null;
    private int _course = Copying;

    /// <summary>Courses a migration may be on. It is never both stopped and in post-copy, whichever thread comes first.</summary>
    private const int Copying = 0, Stopping = 1, InPostCopy = 2;

    /// <summary>Ends when the native call has ended, however it was stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var migration = NativeWorkers.Run(() => calls.Migrate(destinationUri, options));
        var (stop, poll, abort, aborted) = (Stop.No, Task.CompletedTask, Task.CompletedTask, (long?)null);
        while (true)
        {
            // Once stopping, or past it, the token must not turn the waits into a busy loop.
            var tick = Task.Delay(PollEvery, time, Volatile.Read(ref _course) == Copying ? cancellationToken : CancellationToken.None);
            await Task.WhenAny(migration, tick).ConfigureAwait(false);
            if (migration.IsCompleted) break;
            // In post-copy each host has a part of the guest: an abort would leave neither with all of it.
            if (stop == Stop.No && WhyStop(time.GetElapsedTime(started), cancellationToken) is var why and not Stop.No && TakeCourse(Stopping)) stop = why;
            if (stop == Stop.No && poll.IsCompleted) poll = LookAsync(time.GetElapsedTime(started));
            // Repeated until the migration ends: the first may have come before the job began.
            if (stop != Stop.No && abort.IsCompleted && (aborted is null || time.GetElapsedTime(aborted.Value) >= AbortEvery))
                (abort, aborted) = (NativeWorkers.Run(calls.Abort), time.GetTimestamp());
        }
        // Let a look under way end, so that no progress comes after the end; one that hangs is left to itself.
        await Task.WhenAny(Task.WhenAll(poll, abort), Task.Delay(PollEvery, time, CancellationToken.None)).ConfigureAwait(false);
        await EndAsync(migration, stop, cancellationToken).ConfigureAwait(false);
    }

    private Stop WhyStop(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Stop.Cancelled;
        if (elapsed > options.Timeout) return Stop.TimedOut;
        // While the hosts still shake hands there are no figures, and "0 left" is none.
        var left = _last is { DataTotalBytes: > 0 } last ? last.DataRemainingBytes : long.MaxValue;
        return _stall.Observe(left, elapsed) ? Stop.Stalled : Stop.No;
    }

    // A migration that got through although it was to stop has moved the guest: it is reported as what it is, done. One that lost its
    // connection is reported as that, since the host may still carry it through; and one that only failed after the guest had moved, too.
    private async Task EndAsync(Task migration, Stop stop, CancellationToken cancellationToken)
    {
        try
        {
            await migration.ConfigureAwait(false);
        }
        catch (LibvirtException e) when (
            stop != Stop.No && !e.ConnectionFailed && e.Code is not (LibvirtErrorCode.MigratePersistFailed or LibvirtErrorCode.MigrateFinishOk))
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

    private async Task LookAsync(TimeSpan elapsed)
    {
        try
        {
            await calls.LookAsync(domain => Look(domain, elapsed)).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A look that fails (the job just ended, the host is slow, the caller's progress threw) says nothing about the migration.
        }
    }

    // Runs on a worker thread.
    private bool Look(DomainHandle domain, TimeSpan elapsed)
    {
        if (JobReader.Read(domain, 0, calls.Uri) is not { Operation: JobOperation.MigrationOut } now) return false;
        _last = now;
        // Both are only accepted while the job runs; what is refused now is tried again at the next look.
        if (!_downtimeSet)
            _downtimeSet = LibvirtApi.virDomainMigrateSetMaxDowntime(domain, (ulong)options.MaxDowntime!.Value.TotalMilliseconds, 0) >= 0;
        if (elapsed >= options.PostCopyAfter && TakeCourse(InPostCopy) && LibvirtApi.virDomainMigrateStartPostCopy(domain, 0) < 0) Volatile.Write(ref _course, Copying);
        progress?.Report(Volatile.Read(ref _course) == InPostCopy ? now with { PostCopy = true } : now);
        return true;
    }

    private bool TakeCourse(int course) => Interlocked.CompareExchange(ref _course, course, Copying) == Copying;
}
