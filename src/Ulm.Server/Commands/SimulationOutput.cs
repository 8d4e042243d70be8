using System.Text.Json;

namespace Ulm.Server.Commands;

/// <summary>Runs one simulation or two and prints them, as text while they go on, or as JSON at the end.</summary>
internal sealed class SimulationOutput(Terminal terminal, OutputFormat format, bool withSeries)
{
    private SimulationText? _text;

    public FinishedRun First(SimulationSettings settings, CancellationToken ct)
    {
        Note(settings);
        var run = FinishedRun.Of(settings, withSeries, log => _text = format == OutputFormat.Text ? new SimulationText(terminal, settings, log) : null, ct);
        _text?.PrintTotals(run.Result, run.Wall);
        return run;
    }

    /// <summary>The one that the first is compared with: its decisions are in the JSON and in the report, text has only its totals.</summary>
    public FinishedRun Second(SimulationSettings settings, CancellationToken ct)
    {
        Note(settings);
        return FinishedRun.Of(settings, withSeries, _ => { }, ct);
    }

    public void Print(FinishedRun run, FinishedRun? other)
    {
        var document = SimulationDocument.Of(run) with { Compared = other is null ? null : SimulationDocument.Of(other) };
        if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(document, CommonOptions.Json));
        else if (document.Compared is not null) ComparisonText.Print(terminal, document, document.Compared);
    }

    private void Note(SimulationSettings settings)
    {
        foreach (var note in settings.Notes) terminal.Error.WriteLine($"note: {note}");
    }
}
