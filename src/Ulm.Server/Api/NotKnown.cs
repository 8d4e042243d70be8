using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;

namespace Ulm.Server.Api;

/// <summary>A host of which nothing is decided, as it is not seen or not measured.</summary>
public sealed record NotKnown(string Host, string Why)
{
    private static readonly PolicyAttribute[] Figures = [PolicyAttribute.HostCpu, PolicyAttribute.HostMemory];

    /// <param name="reads">What policies read: of a host that answers, only that is missed.</param>
    /// <param name="told">Faults, which say more than that a host does not answer.</param>
    internal static ImmutableArray<NotKnown> Of(SiteFacts facts, IReadOnlySet<PolicyAttribute> reads, IEnumerable<ObservedFault> told)
    {
        var faults = told.ToList();
        return [.. from host in facts.Site.Hosts let why = Why(host) where why is not null select new NotKnown(host.Name, why)];

        string? Why(Host host) => host.State switch
        {
            HostState.Unreachable => Fault($"{host.Name} libvirt") is { } text ? text.Replace($"host {host.Name} is unreachable: ", "", StringComparison.Ordinal) : "it does not answer",
            HostState.On or HostState.Draining or HostState.Maintenance => Figures.Where(reads.Contains).Select(a => (Attribute: a, Cause: facts.Read(host.Ref, a).UnknownBecause)).FirstOrDefault(f => f.Cause is not null) is { Cause: { } cause } missing
                ? $"{missing.Attribute.Name}: {Fault($"{host.Name} munin") ?? cause}" : null,
            _ => null,
        };

        string? Fault(string source) => faults.Where(f => f.Source.StartsWith(source, StringComparison.Ordinal)).Select(f => f.Text).FirstOrDefault();
    }
}
