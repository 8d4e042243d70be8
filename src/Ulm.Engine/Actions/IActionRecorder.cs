using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

public enum ActionPhase
{
    /// <summary>About to be done. Durable before anything is touched.</summary>
    Begun,

    Succeeded,

    /// <summary>Tried, and did not happen; the site is as before.</summary>
    Failed,

    /// <summary>Not tried: the facts it rested on have moved.</summary>
    Refused,

    /// <summary>Tried, and nobody can tell what is true now.</summary>
    InDoubt,
}

/// <summary>One thing that happened to one step.</summary>
/// <param name="Text">For people: what, and why it failed or was refused.</param>
/// <param name="Code">Of what was refused; of what was begun and has failed: it was called off before anybody was told to do anything.</param>
public sealed record ActionEvent(DateTimeOffset At, PlanStep Step, ActionPhase Phase, string Text, RefusalCode? Code)
{
    /// <summary>Of a power-off that did not succeed: the order may have reached whoever switches the host, and be carried out yet.</summary>
    public bool MayComeLate { get; init; }
}

/// <summary>Where the executor writes before and after each step.</summary>
public interface IActionRecorder
{
    /// <summary>Returns once the event is durable.</summary>
    /// <exception cref="RecorderUnavailableException">It can't be kept: then nothing may be done.</exception>
    Task RecordAsync(ActionEvent entry, CancellationToken ct);
}

/// <summary>What must be kept can't be kept. Whoever gets this stops acting.</summary>
public sealed class RecorderUnavailableException(string message, Exception inner) : Exception(message, inner);
