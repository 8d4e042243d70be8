using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>
/// Records the steps of the executor: an intention before it is acted on, an end after. What can't be kept stops all acting until it can.
/// Used from the engine's thread only.
/// </summary>
internal sealed class StepJournal(IActionRecorder recorder, TimeProvider time)
{
    private readonly List<ActionEvent> _unrecorded = [];

    /// <summary>Why nothing is done now, or null: the recorder could not keep an intention or an end.</summary>
    public string? HaltedBecause { get; private set; }

    /// <summary>Asked right before anything is begun or switched: what else speaks against acting at this instant.</summary>
    public Func<string?> MayNotActBecause { get; set; } = () => null;

    /// <summary>How steps ended that the recorder could not keep, in order.</summary>
    public IReadOnlyList<ActionEvent> Unrecorded => _unrecorded;

    public void Halt(string because) => HaltedBecause ??= because;

    /// <inheritdoc cref="Executor.Resume"/>
    public void Resume(int kept)
    {
        _unrecorded.RemoveRange(0, kept);
        if (_unrecorded.Count == 0) HaltedBecause = null;
    }

    /// <exception cref="HaltedException">Nothing may be begun now.</exception>
    public void StopIfHalted()
    {
        if ((HaltedBecause ?? MayNotActBecause()) is { } because) throw new HaltedException(because);
    }

    /// <exception cref="RecorderUnavailableException">It is not kept: it must not be begun.</exception>
    public Task RecordBegunAsync(PlanStep step, string text, CancellationToken ct) => recorder.RecordAsync(Event(step, new StepEnd(ActionPhase.Begun, text, null)), ct);

    /// <summary>How it ended is so whether it can be kept or not.</summary>
    public async Task<ActionEvent> RecordEndAsync(PlanStep step, StepEnd end)
    {
        var entry = Event(step, end);
        try
        {
            await recorder.RecordAsync(entry, CancellationToken.None);
            return entry;
        }
        catch (RecorderUnavailableException e)
        {
            Halt(e.Message);
            return Unkept(entry);
        }
    }

    /// <summary>It was not begun, as nothing is.</summary>
    public ActionEvent Halted(PlanStep step, string because) => Unkept(Event(step, new StepEnd(ActionPhase.Refused, $"{step.Action}: {because}", RefusalCode.NotActing)));

    public ActionEvent Event(PlanStep step, StepEnd end) => new(time.GetUtcNow(), step, end.Phase, end.Text, end.Code) { MayComeLate = end.MayComeLate };

    private ActionEvent Unkept(ActionEvent entry)
    {
        _unrecorded.Add(entry);
        return entry;
    }
}

/// <summary>Nothing more may be begun or switched at this instant.</summary>
internal sealed class HaltedException(string because) : Exception(because);

/// <summary>How a step stands, in words for the journal.</summary>
internal sealed record StepEnd(ActionPhase Phase, string Text, RefusalCode? Code)
{
    /// <inheritdoc cref="ActionEvent.MayComeLate"/>
    public bool MayComeLate { get; init; }

    /// <summary>A migration failed for a reason of its target.</summary>
    public bool OfTarget { get; init; }

    /// <summary>Whether a migration is over is not known; null: it is over, however it ended.</summary>
    public MigrationDoubt? Doubt { get; init; }
}
