using Ulm.Engine.Actions;

namespace Ulm.Engine.Simulation;

/// <summary>Notes what would have been told and which hooks would have been run; nobody hears of it. Every channel and every hook is there.</summary>
public sealed class SimulatedOutside : INotifier, IHookRunner
{
    public List<(DateTimeOffset At, string Text, string? Via)> Told { get; } = [];

    public List<(DateTimeOffset At, string Hook)> Ran { get; } = [];

    public Task NotifyAsync(string text, string? via, DecisionNote note, CancellationToken ct)
    {
        Told.Add((note.At, text, via));
        return Task.CompletedTask;
    }

    public Task RunAsync(string hook, DecisionNote note, CancellationToken ct)
    {
        Ran.Add((note.At, hook));
        return Task.CompletedTask;
    }
}
