namespace Ulm.Libvirt.Migration;

/// <summary>
/// Notices a copy that gets nowhere: its low-water mark of data left has stood for too long. What was copied in between does not
/// count, since a guest that dirties memory as fast as it is copied keeps the copy busy forever. One thread.
/// </summary>
internal sealed class StallWatch(TimeSpan? patience)
{
    private long _lowest = long.MaxValue;
    private TimeSpan _lowestAt;

    /// <summary>Takes what is left at <paramref name="elapsed"/> since the start; true once it has stalled.</summary>
    public bool Observe(long dataRemaining, TimeSpan elapsed)
    {
        if (dataRemaining < _lowest) (_lowest, _lowestAt) = (dataRemaining, elapsed);
        return patience is { } limit && elapsed - _lowestAt > limit;
    }
}
