namespace Ulm.Engine.Simulation;

/// <summary>A clock that stands still until it is told to go on to its next timer. Timers due at one instant fire in the order they were set.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Timer, (DateTimeOffset Due, long Order)> _timers = new();
    private readonly Lock _lock = new();
    private DateTimeOffset _now = start;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer is due, or null where none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                while (_timers.TryPeek(out var timer, out var at))
                {
                    if (timer.IsDueAt(at)) return at.Due;
                    _timers.Dequeue();
                }

                return null;
            }
        }
    }

    /// <summary>Goes on to the next timer and fires it.</summary>
    /// <exception cref="InvalidOperationException">No timer is set: whoever waits would wait for ever.</exception>
    public void FireNext()
    {
        if (NextDue is not { } due) throw new InvalidOperationException($"virtual time stands still at {_now:O}: something waits for what never comes");
        Timer timer;
        lock (_lock)
        {
            timer = _timers.Dequeue();
            if (due > _now) _now = due;
        }

        timer.Fire();
    }

    private void Set(Timer timer, DateTimeOffset due)
    {
        lock (_lock)
        {
            var at = (due, _order++);
            timer.Due = at;
            _timers.Enqueue(timer, at);
        }
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public (DateTimeOffset Due, long Order)? Due { get; set; }

        public bool IsDueAt((DateTimeOffset, long) at) => Due == at;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime == Timeout.InfiniteTimeSpan) Due = null;
            else time.Set(this, time.GetUtcNow() + dueTime);
            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero && _period != Timeout.InfiniteTimeSpan) time.Set(this, time.GetUtcNow() + _period);
            else Due = null;
            callback(state);
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
