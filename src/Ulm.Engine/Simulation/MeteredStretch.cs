using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>A stretch of virtual time in which nothing changed, as it went into the totals of a run.</summary>
/// <param name="MipsUsed">By host name; hosts without load are missing. More than a host's capacity where its VMs want more.</param>
/// <param name="Watts">Of all hosts together.</param>
/// <param name="WattsWithoutPolicies">The same had no VM moved and no host been switched.</param>
public sealed record MeteredStretch(
    DateTimeOffset From, TimeSpan Length, IReadOnlyList<Host> Hosts, IReadOnlyDictionary<string, double> MipsUsed, double Watts, double WattsWithoutPolicies);
