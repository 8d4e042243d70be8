using Ulm.Engine.Metrics;

namespace Ulm.Engine.Facts;

/// <summary>How old a sample may be and still count: three polling intervals. One place, so that rules and planners agree.</summary>
public sealed record Freshness(TimeSpan PollingInterval)
{
    public const int PollsUntilStale = 3;

    public static readonly Reading NotMeasured = Reading.Unknown("not measured yet");

    public TimeSpan Limit => PollingInterval * PollsUntilStale;

    public Reading Judge(Sample? latest, DateTimeOffset at)
    {
        if (latest is not { } sample) return NotMeasured;
        var age = at - sample.At;
        // Captured well after now: the clock was set back. How old it really is nobody knows.
        if (age < -PollingInterval) return Reading.Unknown($"measured at {sample.At.ToOffset(at.Offset):HH:mm:ss}, which is still to come: the clock was changed");
        return age <= Limit
            ? Reading.Known(sample.Value, sample.At)
            : Reading.TooOld(sample.At, age, Limit);
    }
}
