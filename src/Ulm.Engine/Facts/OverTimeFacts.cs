using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Facts;

/// <summary>
/// Functions over time, as far as enough was measured. Enough is four of five polls of the window (but for any window one may be missing), the
/// newest of them fresh; a forecast needs three of the last six steps of five minutes. Anything less is unknown: half a window
/// says little of the whole, least of all that nothing happened in it.
/// </summary>
internal sealed class OverTimeFacts(MetricWindows metrics, Freshness freshness)
{
    private const double ShareNeeded = 0.8;

    private static readonly Reading NoWindow = Reading.Unknown("not measured long enough yet");

    /// <param name="latest">The attribute's own reading at the same instant: where it is unknown, so is everything made of it.</param>
    public Reading Read(SubjectRef subject, Fact.OverTime fact, in Reading latest, DateTimeOffset at)
    {
        if (!latest.IsKnown) return latest;
        return fact.Function == TimeFunction.Forecast ? ReadForecast(subject, fact, latest, at) : ReadWindow(subject, fact, at);
    }

    /// <summary>Where there is no history everything counts as if it had always been so.</summary>
    public static Reading Steady(Fact.OverTime fact, in Reading latest) =>
        latest.IsKnown && fact.Function == TimeFunction.Rate ? Reading.Known(0, latest.At) : latest;

    private Reading ReadWindow(SubjectRef subject, Fact.OverTime fact, DateTimeOffset at)
    {
        if (metrics.Window(subject, fact.Read) is not { } window) return NoWindow;
        var from = window.FirstAfter(at - fact.Window);
        var (count, polls) = (window.Count - from, Math.Max(1, (int)(fact.Window / freshness.PollingInterval)));
        var needed = Math.Max(fact.Function == TimeFunction.Rate ? 2 : 1, Math.Min((int)Math.Ceiling(ShareNeeded * polls), polls - 1));
        // Several looks between two polls, or a burst of samples, must not pass for a whole window.
        if (count < needed || at - window[from].At < ShareNeeded * fact.Window - freshness.PollingInterval)
            return Reading.Unknown($"measured at {Math.Min(count, polls)} of the {polls} polls of the last {Show.Duration(fact.Window)}, {needed} are needed, over most of that time");
        return Reading.Known(WindowFunctions.Of(fact.Function, window, from), window[window.Count - 1].At, window[from].At);
    }

    private Reading ReadForecast(SubjectRef subject, Fact.OverTime fact, in Reading latest, DateTimeOffset at)
    {
        if (metrics.Forecaster(subject, fact.Read) is not { } forecaster) return NoWindow;
        if (forecaster.At(at, fact.Window) is not { } forecast)
        {
            return Reading.Unknown(
                $"to forecast it takes {Forecaster.TrendStepsNeeded} of the last {Forecaster.TrendSteps} steps of five minutes, {forecaster.RecentSteps(at)} were measured");
        }

        return Reading.Known(Possible(forecast.Value, fact.Read.Unit), latest.At, forecast.Since, forecast.Error);
    }

    /// <summary>A trend may lead out of what there can be.</summary>
    private static double Possible(double value, Unit unit) => unit switch
    {
        Unit.Percent => Math.Clamp(value, 0, 100),
        Unit.Any => value,
        _ => Math.Max(0, value),
    };
}
