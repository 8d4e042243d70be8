using System.Collections.Immutable;

namespace Ulm.Server.Reports;

/// <summary>What a run looked like over time: one figure a column, each the mean over it.</summary>
/// <param name="HostsOn">Hosts that are not off.</param>
/// <param name="Heat">By host name: one letter a column, see <see cref="HeatLetter"/>.</param>
internal sealed record RunSeries(
    int HostsOnWithoutPolicies,
    ImmutableArray<double> HostsOn,
    ImmutableArray<double> Watts,
    ImmutableArray<double> WattsWithoutPolicies,
    SortedDictionary<string, string> Heat);
