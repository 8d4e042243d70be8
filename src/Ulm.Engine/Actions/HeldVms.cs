using System.Collections.Immutable;

namespace Ulm.Engine.Actions;

/// <summary>VMs left alone for a while after their migration failed: one minute, two, four, ... up to an hour; an hour where it is in doubt. One that did not fail for a day begins anew.</summary>
internal sealed class HeldVms(TimeSpan first)
{
    /// <summary>How far back failures count, over restarts too.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (int Failures, DateTimeOffset At, DateTimeOffset Until, string Because)> _held = new(StringComparer.Ordinal);

    private void Failed(string vm, DateTimeOffset at, string because)
    {
        var failures = FailuresBefore(vm, at) + 1;
        var pause = TimeSpan.FromTicks(Math.Min(Longest.Ticks, first.Ticks << Math.Min(failures - 1, 20)));
        Hold(vm, (failures, at, at + pause, because));
    }

    /// <summary>Nobody can tell where it runs, or it runs twice: people have to look first.</summary>
    private void InDoubt(string vm, DateTimeOffset at, string because) => Hold(vm, (FailuresBefore(vm, at) + 1, at, at + Longest, because));

    private void Hold(string vm, (int Failures, DateTimeOffset At, DateTimeOffset Until, string Because) held)
    {
        // VMs come and go: of one that is gone nobody hears again.
        foreach (var old in _held.Where(h => held.At - h.Value.At >= Remembered).Select(h => h.Key).ToList()) _held.Remove(old);
        _held[vm] = held;
    }

    private void Succeeded(string vm) => _held.Remove(vm);

    /// <summary>The clock was set back: what bears a time still to come happened by now at the latest.</summary>
    public void ClockWasSetBack(DateTimeOffset now)
    {
        foreach (var (vm, held) in _held.Where(h => h.Value.At > now).ToList()) _held[vm] = held with { At = now, Until = now + (held.Until - held.At) };
    }

    private int FailuresBefore(string vm, DateTimeOffset at) => _held.TryGetValue(vm, out var last) && at - last.At < Remembered ? last.Failures : 0;

    public ImmutableDictionary<string, string> At(DateTimeOffset at) => _held
        .Where(h => h.Value.Until > at)
        .ToImmutableDictionary(h => h.Key, h => $"left alone until {h.Value.Until.ToOffset(at.Offset):HH:mm:ss} after {h.Value.Failures} failure(s): {h.Value.Because}", StringComparer.Ordinal);

    public void Remember(ActionEnd earlier)
    {
        switch (earlier.Phase)
        {
            case ActionPhase.Succeeded: Succeeded(earlier.Vm); break;
            case ActionPhase.InDoubt: InDoubt(earlier.Vm, earlier.At, earlier.Text); break;
            // The server stopped: that says nothing of the VM.
            case ActionPhase.Failed when !earlier.Text.Contains(MigrationCall.Stopped, StringComparison.Ordinal): Failed(earlier.Vm, earlier.At, earlier.Text); break;
        }
    }
}

/// <summary>How a migration ended, as the journal has it.</summary>
public sealed record ActionEnd(DateTimeOffset At, string Vm, ActionPhase Phase, string Text);
