using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Simulation;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary>A snapshot measured as the simulated site measures itself, so that a plan and the first look of a simulation agree.</summary>
internal static class SnapshotFacts
{
    /// <param name="pollingInterval">Of the server that is to run the policies.</param>
    public static SiteFacts Of(SiteSnapshot snapshot, IReadOnlySet<PolicyAttribute> reads, DateTimeOffset at, TimeSpan pollingInterval)
    {
        var simulated = new SimulatedSite(snapshot.Site, new ConstantLoad(snapshot.CpuPercent), new VirtualTime(at));
        var metrics = new MetricWindows();
        var seen = simulated.ObserveAsync(reads, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var measurement in seen.Measurements) metrics.Add(measurement);
        metrics.NoteUnmeasured(seen.Unmeasured);
        return new SiteFacts(at, snapshot.Site, metrics, new Freshness(pollingInterval), new Dictionary<SubjectRef, string>()) { NoHistory = true };
    }
}
