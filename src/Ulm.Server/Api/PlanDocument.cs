using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Server.Api;

/// <summary>A plan as <c>plan --format json</c> writes it and the API answers it: <c>ulm.plan/1</c>.</summary>
public sealed record PlanDocument(string Schema, ImmutableArray<PlanDocument.Step> Steps, ImmutableArray<PlanDocument.Refused> NotPlanned)
{
    /// <param name="site">Which it was planned on; null: what can't be moved there is not told.</param>
    public static PlanDocument Of(Plan plan, Site? site = null) => new(
        "ulm.plan/1",
        [.. plan.Steps.Select(Step.Of)],
        [.. plan.Refused.Select(r => new Refused(r.Rule, r.Subject, r.CodeText, r.Why))])
    {
        Seconds = InSeconds(plan.Takes),
        NotMigratable = site?.Vms.Where(v => v.NotMigratableBecause is not null).Select(v => new Tied(v.Name, v.Host, v.NotMigratableBecause!)).ToImmutableArray() is { IsEmpty: false } tied ? tied : null,
    };

    /// <summary>Hosts of which nothing is decided, as they are not seen or not measured; not written where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<NotKnown>? Unknown { get; init; }

    /// <summary>How many hosts there are, where not all of them are known; not written otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Hosts { get; init; }

    /// <summary>The same, with what is not known of the site it was planned on.</summary>
    internal PlanDocument On(SiteFacts facts, IReadOnlySet<PolicyAttribute> reads, IEnumerable<ObservedFault> faults) =>
        NotKnown.Of(facts, reads, faults) is var unknown && unknown.IsEmpty && facts.Site.Hosts.Length > 0 ? this : this with { Hosts = facts.Site.Hosts.Length, Unknown = unknown.IsEmpty ? null : unknown };

    /// <summary>VMs that can't be moved while they run, whatever is planned; not written where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Tied>? NotMigratable { get; init; }

    /// <param name="Why">Such as a device of its host.</param>
    public sealed record Tied(string Vm, string Host, string Why);

    /// <summary>From the first step to the last, with as many migrations at a time as policies allow; null: a step does not end by itself.</summary>
    public double? Seconds { get; init; }

    private static double? InSeconds(TimeSpan? takes) => takes is { } time ? Math.Round(time.TotalSeconds, 1) : null;

    [JsonPropertyName("refused")]
    public ImmutableArray<Refused> NotPlanned { get; init; } = NotPlanned;

    /// <param name="Vm">Of a move, with <paramref name="From"/> and <paramref name="To"/>; not written otherwise.</param>
    /// <param name="Host">The host that is switched; not written for a move.</param>
    public sealed record Step(
        int Id,
        ImmutableArray<int> After,
        string Action,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Vm,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? To,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Host,
        string Rule,
        string Reason)
    {
        /// <summary>What its rule decided on, such as <c>host/h1</c>; not written where that is the whole site.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Subject { get; init; }

        /// <summary>What the other fields don't tell: of a notification its text, of a hook its name, of an order that moves on what it comes to.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Text { get; init; }

        /// <summary>Of a move: <c>gentle</c>, <c>normal</c> or <c>urgent</c>, as <c>[migration]</c> of the configuration says.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Manner { get; init; }

        /// <summary>How long it is going to take once it has begun, with the links for itself; null: it does not end by itself, for <see cref="Endless"/>.</summary>
        public double? Seconds { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Endless { get; init; }

        /// <summary>The step in words.</summary>
        public override string ToString() => Text ?? (Vm is not null ? $"migrate vm {Vm} from {From} to {To}{MigrationManner.Adverb(Manner ?? "")}" : $"{ActionText.InWords(Action)} host {Host}");

        public static Step Of(PlanStep step)
        {
            var move = step.Action as PlannedAction.Migrate;
            return new Step(step.Id, step.After, ActionText.Kind(step.Action), move?.Vm, move?.From, move?.To, ActionText.HostOf(step.Action), step.Rule, step.Reason)
            {
                Subject = step.DecidedFor?.ToString(),
                Manner = move is null ? null : MigrationManners.NameOf(step.Urgency),
                Seconds = InSeconds(step.Takes),
                Endless = step.EndlessBecause,
                Text = step.Action is PlannedAction.Notify or PlannedAction.RunHook or PlannedAction.Order { Given: { Resumed: true } or { Phase: not HostOrderPhase.Closed } } ? step.Action.ToString() : null,
            };
        }
    }

    public sealed record Refused(string Rule, string Subject, string Code, ImmutableArray<string> Why);
}
