using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ulm.Engine;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;

namespace Ulm.Server.Api.Manual;

/// <summary>What became of an order: <c>ulm.order/1</c>.</summary>
/// <param name="Order">In words: <c>drain host h3 for 2h</c>.</param>
/// <param name="By">Who is named as its author.</param>
/// <param name="Decision">What <c>journal</c> and <c>explain</c> call it; null of a dry run.</param>
/// <param name="Says">In a sentence.</param>
/// <param name="Steps">What is done, or would be.</param>
public sealed record OrderDocument(
    string Schema, string Order, string By, string? Because, bool DryRun, OrderOutcome Outcome, string Says, string? Decision, ImmutableArray<PlanDocument.Step> Steps, ImmutableArray<PlanDocument.Refused> Refused)
{
    public const string SchemaName = "ulm.order/1";

    /// <summary>How it ended; null where nobody waited for that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderProgress? Progress { get; init; }

    /// <summary>What comes once the steps are done, and is none of them, as it waits for what the site looks like then; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Then { get; init; }

    internal static OrderDocument Of(OrderAnswer answer, bool dryRun)
    {
        var (decision, plan) = (answer.Decision, PlanDocument.Of(answer.Plan));
        var outcome = (plan.Steps.Length, plan.NotPlanned.Length) switch
        {
            (0, 0) => OrderOutcome.NothingToDo,
            (0, _) => OrderOutcome.Refused,
            (_, 0) => OrderOutcome.Begun,
            _ => OrderOutcome.BegunInPart,
        };
        var says = outcome == OrderOutcome.NothingToDo ? Already(decision.Ordered!, answer.Facts)
            : outcome == OrderOutcome.Refused ? $"{decision.Ordered}: refused"
            : $"{decision.Ordered}: {Commands.Words.Count(plan.Steps.Length, "step")}";
        return new OrderDocument(SchemaName, decision.Ordered!.ToString()!, decision.By!, decision.Because, dryRun, outcome, says, dryRun ? null : decision.Id, plan.Steps, plan.NotPlanned)
        {
            Then = plan.Steps.IsEmpty ? null : Afterwards(decision.Ordered, answer.Facts),
        };
    }

    private static string? Afterwards(ManualOrder order, SiteFacts facts) => order switch
    {
        ManualOrder.PowerOff off => $"power off host {off.Host}, once it is empty",
        ManualOrder.Release release when facts.MayGoOff.TryGetValue(release.Host, out var told) => $"host {release.Host} {told}",
        _ => null,
    };

    /// <summary>What was ordered is so already.</summary>
    private static string Already(ManualOrder order, SiteFacts facts) => order switch
    {
        ManualOrder.Migrate move => $"vm {move.Vm} is on {move.Host} already",
        ManualOrder.Release release when facts.MayGoOff.TryGetValue(release.Host, out var told) => $"host {release.Host} is under no order; it {told}",
        ManualOrder.Release release => $"host {release.Host} is open already",
        ManualOrder.PowerOn on => $"host {on.Host} is {SiteFacts.Describe(facts.Site.Host(on.Host).State)} already",
        ManualOrder.PowerOff off when facts.Site.Host(off.Host).State != HostState.Off =>
            $"host {off.Host} is to go off already{Since(facts, off.Host)}{(facts.MayGoOff.TryGetValue(off.Host, out var told) ? $"; it {told}" : "")}{StillThere(facts, off.Host)}",
        ManualOrder.PowerOff off => $"host {off.Host} is off already{Since(facts, off.Host)}",
        _ => $"host {order.Subject.Name} is {(facts.Orders.GetValueOrDefault(order.Subject.Name) is { Kind: HostOrderKind.Maintenance } ? "in maintenance" : "drained")} already{Since(facts, order.Subject.Name)}{StillThere(facts, order.Subject.Name)}",
    };

    private static string StillThere(SiteFacts facts, string host) => facts.Site.VmsOn(host).Length is > 0 and var running ? $"; {Commands.Words.Count(running, "VM")} still run{(running == 1 ? "s" : "")} there" : "";

    private static string Since(SiteFacts facts, string host) => facts.Orders.GetValueOrDefault(host) is { } order
        ? $", since {Show.Time(order.Since)} by {order.By ?? order.Rule}, until {Until(order)}{(order.Because is { } because ? $" ({because})" : "")}" : "";

    /// <summary>When, or by what, an order ends.</summary>
    internal static string Until(HostOrder order) => (order.EndsAt ?? order.OnAgainAt) is { } end ? Show.Time(end)
        : order.Kind is HostOrderKind.ShutDown or HostOrderKind.Suspended ? $"`power on {order.Host}`" : $"`release {order.Host}`";
}

public enum OrderOutcome
{
    Begun,

    /// <summary>Of what was ordered some can't be done; see what is refused.</summary>
    BegunInPart,
    NothingToDo,
    Refused,
}
