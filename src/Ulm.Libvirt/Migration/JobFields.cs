namespace Ulm.Libvirt.Migration;

/// <summary>
/// Gathers a job's fields by libvirt's names (<c>VIR_DOMAIN_JOB_*</c>). Times come in milliseconds, the dirty rate in pages.
/// </summary>
internal struct JobFields
{
    private const long UsualPageBytes = 4096;

    private long _operation, _elapsed, _total, _processed, _remaining;
    private long? _timeLeft, _speed, _dirtyPages, _pageBytes, _iteration, _throttle, _downtime;

    public void Take(ReadOnlySpan<byte> name, long value)
    {
        if (name.SequenceEqual("operation"u8)) _operation = value;
        else if (name.SequenceEqual("time_elapsed"u8)) _elapsed = value;
        else if (name.SequenceEqual("time_remaining"u8)) _timeLeft = value;
        else if (name.SequenceEqual("downtime"u8)) _downtime = value;
        else if (name.SequenceEqual("data_total"u8)) _total = value;
        else if (name.SequenceEqual("data_processed"u8)) _processed = value;
        else if (name.SequenceEqual("data_remaining"u8)) _remaining = value;
        else if (name.SequenceEqual("memory_bps"u8)) _speed = value;
        else if (name.SequenceEqual("memory_dirty_rate"u8)) _dirtyPages = value;
        else if (name.SequenceEqual("memory_page_size"u8)) _pageBytes = value;
        else if (name.SequenceEqual("memory_iteration"u8)) _iteration = value;
        else if (name.SequenceEqual("auto_converge_throttle"u8)) _throttle = value;
    }

    public readonly MigrationProgress ToProgress() => new(
        (JobOperation)_operation, Milliseconds(_elapsed), _timeLeft > 0 ? Milliseconds(_timeLeft.Value) : null, _total, _processed, _remaining,
        _speed, _dirtyPages * (_pageBytes ?? UsualPageBytes), (int?)_iteration, (int?)_throttle,
        _downtime is { } downtime ? Milliseconds(downtime) : null);

    private static TimeSpan Milliseconds(long value) => TimeSpan.FromMilliseconds(value);
}
