using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;

namespace Ulm.Engine.Loop;

/// <summary>Whether the loop may act at an instant, and why not.</summary>
internal sealed class Permission(Executor executor, LeaseKeeper? lease, LoopOptions options, TimeProvider time)
{
    private long? _started;

    /// <summary>Null: this server acts.</summary>
    public string? NotActingBecause => executor.HaltedBecause ?? lease?.WhyNot();

    /// <summary>From now on a server runs. Nothing acts before a whole polling interval has passed: until then polls only start clocks, and schedules wait.</summary>
    public void Started() => _started = time.GetTimestamp();

    public bool At(DateTimeOffset at) => NotActingBecause is null && !IsTooEarly(at);

    /// <summary>By a clock that nobody sets: a look may be for an instant that is a little past.</summary>
    private bool IsTooEarly(DateTimeOffset at)
    {
        if (_started is not { } started) return true;
        var past = time.GetUtcNow() - at;
        return time.GetElapsedTime(started) - (past > TimeSpan.Zero ? past : TimeSpan.Zero) < options.PollingInterval;
    }

    /// <summary>Why orders by hand can't be taken now; null: they can.</summary>
    public string? WhyNoOrders() =>
        NotActingBecause is { } halted ? halted
        : IsTooEarly(time.GetUtcNow()) ? $"nothing is done before a whole polling interval ({Show.Duration(options.PollingInterval)}) has passed since the start"
        : options.Mode == RuleMode.Observe ? "the server only observes (mode = \"observe\")"
        : null;
}
