using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>What people order in the middle of whatever goes on. A server that does not run, or may not act, says so and does nothing.</summary>
internal sealed class SomebodysOrders(Run run)
{
    public const int Kinds = 7;

    public async void Begin(Trouble trouble)
    {
        var (host, now) = (trouble.Host!, run.World.Clock.GetUtcNow());
        ManualOrder? order = trouble.Number switch
        {
            0 => new ManualOrder.Drain(host, null),
            1 => new ManualOrder.Maintenance(host, trouble.For / 2),
            2 => new ManualOrder.PowerOff(host, null, MoveVms: true),
            3 => new ManualOrder.PowerOff(host, trouble.For / 2, MoveVms: false),
            4 => new ManualOrder.Release(host),
            5 when trouble.Vm is { } vm => new ManualOrder.Migrate(vm, host),
            _ => null,
        };
        await TryAsync(() => order is null ? run.Loop.Operators.HoldAsync(new OperatorHold(SubjectRef.Host(host), "ann", "wait", now, now + trouble.For)) : run.Loop.Operators.OrderAsync(order, "ann", null));
    }

    public async void End(Trouble trouble)
    {
        if (trouble.Number < 4) await TryAsync(() => run.Loop.Operators.OrderAsync(new ManualOrder.Release(trouble.Host!), "ann", null));
    }

    private static async Task TryAsync(Func<Task> order)
    {
        try
        {
            await order();
        }
        catch (Exception e) when (e is OperationCanceledException or StoreUnavailableException or RecorderUnavailableException)
        {
        }
    }
}
