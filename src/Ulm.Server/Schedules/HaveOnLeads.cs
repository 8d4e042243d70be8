using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Server.Schedules;

/// <summary>How long before its TIME each <c>have N hosts on by TIME</c> fires.</summary>
/// <param name="Of">Zero for other rules.</param>
/// <param name="Source">Where the boot times come from, for people.</param>
internal sealed record HaveOnLeads(Func<Rule, TimeSpan> Of, string Source)
{
    private static readonly TimeSpan AssumedBoot = new Host { Name = "", Cpus = 1, MemoryBytes = 1 }.BootTime;

    /// <summary>Without a site: as for hosts of which nothing is known.</summary>
    public static HaveOnLeads Assumed(TimeSpan pollingInterval) => new(
        rule => rule.Trigger is Trigger.HaveOn ? HaveOnPlanner.LeadOf(AssumedBoot, pollingInterval) : TimeSpan.Zero,
        $"if they boot in {Show.Duration(AssumedBoot)} and are polled every {Show.Duration(pollingInterval)}; with --site, or asked of the running server, by their own boot times");

    public static HaveOnLeads OfSite(SiteFacts facts, string name) =>
        new(rule => rule.Trigger is Trigger.HaveOn have ? HaveOnPlanner.LeadOf(rule, have, facts) : TimeSpan.Zero, $"by the boot times of {name}, polled every {Show.Duration(facts.PollingInterval)}");

    public static HaveOnLeads OfRunning(SiteFacts facts) => OfSite(facts, "") with { Source = $"by the boot times that were measured, else configured, polled every {Show.Duration(facts.PollingInterval)}" };
}
