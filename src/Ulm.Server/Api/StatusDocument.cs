using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
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

    /// <summary>To be called on the engine's thread.</summary>
    public static StatusDocument Of(ControlLoop loop, RunningEngine engine)
    {
        var facts = loop.FactsNow();
        return new StatusDocument(
            SchemaName,
            engine.Site,
            facts.At,
            loop.Executor.HaltedBecause,
            [.. facts.Site.Hosts.Select(h => new HostStatus(
                h.Name, h.Cluster, SiteFacts.Describe(h.State), Known(facts, h.Ref, PolicyAttribute.HostCpu), Known(facts, h.Ref, PolicyAttribute.HostMemory), facts.Site.VmsOn(h.Name).Length))],
            [.. facts.Site.Vms.Select(v => new VmStatus(v.Name, v.Host, Known(facts, v.Ref, PolicyAttribute.VmCpu), v.MemoryBytes >> 20))],
            [.. RulesOf(loop)],
            [.. facts.InFlight.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal).Select(f => new WorkStatus(f.Key.ToString(), f.Value))],
            [.. loop.Faults.Select(f => $"{f.Source}: {f.Text}")]);
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
public sealed record HostStatus(string Name, string Cluster, string State, double? Cpu, double? Memory, int Vms);

/// <param name="Cpu">Per cent of its vCPUs; null: unknown.</param>
public sealed record VmStatus(string Name, string Host, double? Cpu, long MemoryMiB);

public sealed record RuleStatus(string Name, string Location, ImmutableArray<HoldStatus> Subjects);

/// <param name="Values">The rule's comparisons as they stand.</param>
public sealed record HoldStatus(string Subject, string State, DateTimeOffset Since, string Values);

public sealed record WorkStatus(string Subject, string Doing);
