using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>What a rule that fired hands to people or programs outside.</summary>
/// <param name="Subject">What the rule fired for; null: the whole site.</param>
/// <param name="Reason">The values that led here, for people.</param>
public sealed record DecisionNote(DateTimeOffset At, string Decision, string Rule, SubjectRef? Subject, string Reason);

/// <summary>Tells people. Calls may run at the same time.</summary>
public interface INotifier
{
    /// <param name="via">A channel by name; null: the default one.</param>
    /// <exception cref="ActionFailedException">There is no such channel, or it did not take the text.</exception>
    Task NotifyAsync(string text, string? via, DecisionNote note, CancellationToken ct);
}

/// <summary>Runs commands that the configuration names; a policy can't say what is run. Calls may run at the same time.</summary>
public interface IHookRunner
{
    /// <summary>Returns once the command has ended well.</summary>
    /// <exception cref="ActionFailedException">There is no such hook, it failed, or it took too long and was ended.</exception>
    Task RunAsync(string hook, DecisionNote note, CancellationToken ct);
}

/// <summary>Where nothing outside is configured: what is told stands in the journal, and there is no hook.</summary>
public sealed class NothingOutside : INotifier, IHookRunner
{
    public static readonly NothingOutside Instance = new();

    private NothingOutside() { }

    public Task NotifyAsync(string text, string? via, DecisionNote note, CancellationToken ct) =>
        via is null ? Task.CompletedTask : throw new ActionFailedException($"no channel {via} is configured");

    public Task RunAsync(string hook, DecisionNote note, CancellationToken ct) => throw new ActionFailedException($"no hook {hook} is configured");
}
