using Ulm.Dsl;

namespace Ulm.Server.Policies;

/// <summary>What of a site's configuration the meaning of its policies depends on.</summary>
/// <param name="Zone">For policies that name none.</param>
/// <param name="PollingInterval">What `for` is held against.</param>
public sealed record SiteClock(TimeZoneInfo Zone, TimeSpan PollingInterval)
{
    /// <summary>Where no configuration is at hand.</summary>
    public static readonly SiteClock Usual = new(TimeZoneInfo.Utc, CompilerOptions.Default.PollingInterval);
}
