using System.Globalization;

namespace Ulm.Munin;

/// <summary>
/// Notices that the wall clock was set. Values are dated by the wall clock, and a rate across a step of it would be wrong by as much.
/// Not thread-safe.
/// </summary>
internal sealed class ClockWatch(TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _steady = time.GetTimestamp();

    /// <summary>Null, or by how much the clock was set since the last look, in words.</summary>
    public string? StepSinceLastLook()
    {
        var (wall, steady) = (time.GetUtcNow(), time.GetTimestamp());
        var step = wall - _wall - time.GetElapsedTime(_steady, steady);
        (_wall, _steady) = (wall, steady);
        return step.Duration() <= Tolerance
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"this machine's clock was set by {step.TotalSeconds:+0.0;-0.0} s");
    }
}
