namespace Ulm.Engine.Tests.Loop;

/// <summary>A clock that somebody may set while timers and what counts durations go on, as on any machine.</summary>
internal sealed class SettableClock(TimeProvider time) : TimeProvider
{
    /// <summary>By how much it is wrong.</summary>
    public TimeSpan IsOff { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + IsOff;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
