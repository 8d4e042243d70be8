namespace Ulm.Server.History;

/// <summary>Figures of several files on one grid of time.</summary>
/// <param name="Ends">Of each step: a value is the mean over the step that ends there.</param>
/// <param name="Values">By file, in the order asked for; NaN where nothing is known.</param>
internal sealed record RrdSeries(TimeSpan Step, IReadOnlyList<DateTimeOffset> Ends, IReadOnlyList<double[]> Values);
