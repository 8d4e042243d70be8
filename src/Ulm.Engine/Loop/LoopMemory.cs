using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Loop;

/// <summary>What the loop keeps beside the journal, and what it means that it can't.</summary>
internal sealed class LoopMemory(IStateStore store)
{
    /// <summary>Orders are not telemetry: a host that nobody remembers to be closed would be filled again.</summary>
    /// <exception cref="RecorderUnavailableException">They can't be kept.</exception>
    public Task SaveOrdersAsync(ImmutableArray<HostOrder> orders, CancellationToken ct) => NeededAsync(() => store.SaveOrdersAsync(orders, ct));

    /// <summary>Nor are lives: a host that nobody remembers to have failed would be counted on again.</summary>
    /// <exception cref="RecorderUnavailableException">They can't be kept.</exception>
    public Task SaveLivesAsync(ImmutableArray<HostLife> lives, CancellationToken ct) => NeededAsync(() => store.SaveLivesAsync(lives, ct));

    /// <summary>Telemetry: losing it costs a clock or a curve, not safety.</summary>
    public Task SaveSamplesAsync(IReadOnlyList<Measurement> measurements, SavedHolds holds, CancellationToken ct) => UsefulAsync(async () =>
    {
        await store.SaveSamplesAsync(measurements, ct);
        await store.SaveHoldsAsync(holds, ct);
    });

    /// <summary>Of use to those who doubt what the journal says.</summary>
    public Task SaveTickAsync(TickRecord tick, PolicySet policies, CancellationToken ct) => UsefulAsync(() => store.SaveTickAsync(tick, policies, ct));

    /// <summary>What is said of a journal, or what else is needed, that can't be kept.</summary>
    public static string WhyHalted(Exception e) => $"nothing is done until the journal can be written again: {(e.InnerException is StoreUnavailableException store ? store : e).Message}";

    private static async Task NeededAsync(Func<Task> save)
    {
        try
        {
            await save();
        }
        catch (StoreUnavailableException e)
        {
            throw new RecorderUnavailableException(WhyHalted(e), e);
        }
    }

    /// <summary>Not having it stops nothing.</summary>
    private static async Task UsefulAsync(Func<Task> save)
    {
        try
        {
            await save();
        }
        catch (StoreUnavailableException)
        {
        }
    }
}
