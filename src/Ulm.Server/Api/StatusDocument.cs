using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Server.Api.Manual;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api;

/// <summary>A running server's view of its site, as <c>status --format json</c> prints it and the API answers it.</summary>
public sealed record StatusDocument(
    string Schema,
    string Site,
    DateTimeOffset At,
    string? HaltedBecause,
    ImmutableArray<HostStatus> Hosts,
    ImmutableArray<VmStatus> Vms,
    ImmutableArray<RuleStatus> Rules,
    ImmutableArray<WorkStatus> InFlight,
    ImmutableArray<string> Faults)
{
    public const string SchemaName = "ulm.status/1";

    /// <summary>What the server does with what its rules decide: enforce, recommend or observe. Its configuration can only lower what rules may do.</summary>
    public RuleMode Mode { get; init; } = RuleMode.Enforce;

    /// <summary>In which times are told: <c>Europe/Copenhagen</c>. That of the policies, else of the configuration or the machine.</summary>
    public string? Zone { get; init; }

    /// <summary>Which server acts; null: none was asked for.</summary>
    public LeaseStatus? Lease { get; init; }

    /// <summary>Plans that wait for approval.</summary>
    public ImmutableArray<PendingDocument.Waiting> Pending { get; init; } = [];

    /// <summary>What people want left as it is.</summary>
    public ImmutableArray<HoldDocument.Held> Holds { get; init; } = [];

    /// <summary>To be called on the engine's thread.</summary>
    public static StatusDocument Of(ControlLoop loop, RunningEngine engine)
    {
        var facts = loop.FactsNow();
        var placement = new Placement(facts, loop.Look.Constraints);
        return new StatusDocument(
            SchemaName,
            engine.Site,
            facts.At,
            loop.NotActingBecause,
            [.. facts.Site.Hosts.Select(h => new HostStatus(
                h.Name, h.Cluster, SiteFacts.Describe(h.State), Known(facts, h.Ref, PolicyAttribute.HostCpu), Known(facts, h.Ref, PolicyAttribute.HostMemory), facts.Site.VmsOn(h.Name).Length)
            {
                Order = facts.Orders.GetValueOrDefault(h.Name) is { } order ? OrderStatus.Of(order) : null,
                MayGoOff = facts.MayGoOff.GetValueOrDefault(h.Name)?.ToString(),
                Hold = facts.HoldOn(h) is { } hold ? HoldDocument.Held.Of(hold) : null,
                Doing = facts.InFlight.GetValueOrDefault(h.Ref),
            })],
            [.. facts.Site.Vms.Select(v => new VmStatus(v.Name, v.Host, Known(facts, v.Ref, PolicyAttribute.VmCpu), v.MemoryBytes >> 20)
            {
                DirtyMiBps = v.DirtyBytesPerSecond is { } dirty ? Math.Round(dirty / (1 << 20), 1) : null,
                Hold = facts.Holds.GetValueOrDefault(v.Ref) is { } hold ? HoldDocument.Held.Of(hold) : null,
                NotMigratable = v.NotMigratableBecause,
                Stays = PlacementFilters.ForVm(placement, v)?.Reason,
                Doing = facts.InFlight.GetValueOrDefault(v.Ref),
            })],
            [.. RulesOf(loop)],
            [.. facts.InFlight.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal).Select(f => new WorkStatus(f.Key.ToString(), f.Value))],
            [.. loop.Faults.Select(f => $"{f.Source}: {f.Text}")])
        {
            Mode = loop.Look.ServerMode,
            Zone = loop.Zone.Id,
            Lease = loop.Lease is { } lease ? new LeaseStatus(lease.Holder, lease.Token, lease.Until) : null,
            Pending = PendingDocument.AllOf(loop, facts),
            Holds = [.. facts.Holds.Values.OrderBy(h => h.Until).Select(HoldDocument.Held.Of)],
        };
    }

    private static IEnumerable<RuleStatus> RulesOf(ControlLoop loop)
    {
        var running = loop.Look.Rules.SaveHolds().ToLookup(h => h.Rule);
        foreach (var rule in loop.Look.Policies.Rules)
        {
            yield return new RuleStatus(rule.Name, rule.Location.ToString(), [.. running[rule.Name].Select(h => new HoldStatus(
                h.Subject?.ToString() ?? "site", h.State.ToString().ToLowerInvariant(), h.Since,
                string.Join(", ", loop.Look.Rules.Explain(rule.Name, h.Subject)?.Clauses ?? [])))]);
        }
    }

    private static double? Known(SiteFacts facts, SubjectRef subject, PolicyAttribute attribute) =>
        facts.Read(subject, attribute) is { IsKnown: true } reading ? Math.Round(reading.Value, 1) : null;
}

/// <param name="Cpu">Per cent; null: unknown.</param>
/// <param name="Memory">Per cent; null: unknown.</param>
public sealed record HostStatus(string Name, string Cluster, string State, double? Cpu, double? Memory, int Vms)
{
    /// <summary>What the host is kept in until somebody, or its time, ends it; null: nothing.</summary>
    public OrderStatus? Order { get; init; }

    /// <summary>Why it is closed though nothing keeps it so: it was told to power off and was not seen to go. Null: it was not.</summary>
    public string? MayGoOff { get; init; }

    /// <summary>Null: nobody holds it.</summary>
    public HoldDocument.Held? Hold { get; init; }

    /// <summary>What is being done to it; null: nothing.</summary>
    public string? Doing { get; init; }
}

/// <param name="What"><c>drain host h3</c>, <c>keep host h3 off</c>.</param>
/// <param name="By">A person, or the rule that gave it.</param>
/// <param name="Until">Null: until somebody ends it.</param>
public sealed record OrderStatus(string What, string By, string? Because, DateTimeOffset Since, DateTimeOffset? Until)
{
    internal static OrderStatus Of(HostOrder order) => new(order.What, order.By ?? order.Rule, order.Because, order.Since, order.EndsAt ?? order.OnAgainAt);
}

public sealed record HostsDocument(string Schema, DateTimeOffset At, ImmutableArray<HostStatus> Hosts);

public sealed record VmsDocument(string Schema, DateTimeOffset At, ImmutableArray<VmStatus> Vms);

/// <param name="Cpu">Per cent of its vCPUs; null: unknown.</param>
public sealed record VmStatus(string Name, string Host, double? Cpu, long MemoryMiB)
{
    /// <summary>Memory it writes to anew, MiB each second; null: not measured.</summary>
    public double? DirtyMiBps { get; init; }

    /// <summary>A hold on the VM itself; null: nobody holds it.</summary>
    public HoldDocument.Held? Hold { get; init; }

    /// <summary>Why it can't be moved at all while it runs, such as a device of its host; null: it can.</summary>
    public string? NotMigratable { get; init; }

    /// <summary>Why it may not be moved now, wherever to; null: it may.</summary>
    public string? Stays { get; init; }

    /// <summary>What is being done to it; null: nothing.</summary>
    public string? Doing { get; init; }
}

public sealed record RuleStatus(string Name, string Location, ImmutableArray<HoldStatus> Subjects);

/// <param name="Values">The rule's comparisons as they stand.</param>
public sealed record HoldStatus(string Subject, string State, DateTimeOffset Since, string Values);

/// <param name="Holder">Machine and process.</param>
/// <param name="Token">Grows whenever the right to act changes hands.</param>
/// <param name="Until">By the holder's clock.</param>
public sealed record LeaseStatus(string Holder, long Token, DateTimeOffset Until);

public sealed record WorkStatus(string Subject, string Doing);
