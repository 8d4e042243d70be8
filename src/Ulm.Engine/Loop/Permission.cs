using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;

namespace Ulm.Engine.Loop;

/// <summary>Whether the loop may act at an instant, and why not.</summary>
internal sealed class Permission(Executor executor, LeaseKeeper? lease, LoopOptions options, TimeProvider time)
{
    private DateTimeOffset _from = DateTimeOffset.MaxValue;

    /// <summary>Null: this server acts.</summary>
    public string? NotActingBecause => executor.HaltedBecause ?? lease?.WhyNot();

    /// <summary>From now on a server runs. Nothing acts before a whole polling interval has passed: until then polls only start clocks, and schedules wait.</summary>
    public void Started() => _from = time.GetUtcNow() + options.PollingInterval;

    public bool At(DateTimeOffset at) => NotActingBecause is null && at >= _from;

    /// <summary>Why orders by hand can't be taken now; null: they can.</summary>
    public string? WhyNoOrders() =>
        NotActingBecause is { } halted ? halted
        : time.GetUtcNow() < _from ? $"nothing is done before a whole polling interval ({Show.Duration(options.PollingInterval)}) has passed since the start"
        : options.Mode == RuleMode.Observe ? "the server only observes (mode = \"observe\")"
        : null;
}
