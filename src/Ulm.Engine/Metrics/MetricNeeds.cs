using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Engine.Metrics;

/// <summary>How far back one attribute is looked at.</summary>
/// <param name="Window">The longest time over which a function of its samples is taken.</param>
/// <param name="Horizons">How far ahead it is forecast; empty: it is not.</param>
public sealed record MetricNeed(TimeSpan Window, ImmutableArray<TimeSpan> Horizons);

/// <summary>What a policy set looks back on: of these attributes samples are kept for as long as it needs, and of all others the latest alone.</summary>
public sealed class MetricNeeds
{
    private static readonly HashSet<PolicyAttribute> Named = [.. PolicyAttribute.All];

    private readonly Dictionary<PolicyAttribute, MetricNeed> _needs = [];
    private readonly IReadOnlySet<PolicyAttribute> _read;

    /// <param name="read">All attributes that anything in the policy set reads, at whatever time.</param>
    public MetricNeeds(PolicySet policies, IReadOnlySet<PolicyAttribute> read)
    {
        _read = read;
        foreach (var group in PolicyQuantities.Of(policies).OfType<Quantity.OverTime>().GroupBy(q => q.Attribute))
        {
            var forecasts = group.ToLookup(q => q.Function == TimeFunction.Forecast);
            _needs.Add(group.Key, new MetricNeed(forecasts[false].Select(q => q.Window).DefaultIfEmpty().Max(), [.. forecasts[true].Select(q => q.Window).Distinct().Order()]));
        }
    }

    /// <summary>Attributes that are looked back on.</summary>
    public IEnumerable<PolicyAttribute> LookedBackOn => _needs.Keys;

    /// <summary>How long before its restart a server may have measured what it forecasts from.</summary>
    public static readonly TimeSpan ForecastsFrom = TimeSpan.FromDays(DailyMeans.Days);

    /// <summary>Null: only its latest sample counts.</summary>
    public MetricNeed? Of(PolicyAttribute attribute) => _needs.GetValueOrDefault(attribute);

    /// <summary>False: nothing reads it, and it is none of those that people are shown.</summary>
    public bool IsKept(PolicyAttribute attribute) => _read.Contains(attribute) || Named.Contains(attribute);
}
