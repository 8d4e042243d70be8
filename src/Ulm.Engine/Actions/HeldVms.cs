using System.Collections.Immutable;

namespace Ulm.Engine.Actions;

/// <summary>VMs left alone for a while after their migration failed: one minute, two, four, ... up to an hour; an hour where it is in doubt.</summary>
internal sealed class HeldVms(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (int Failures, DateTimeOffset Until, string Because)> _held = new(StringComparer.Ordinal);

    public void Failed(string vm, DateTimeOffset at, string because)
    {
        var failures = _held.GetValueOrDefault(vm).Failures + 1;
        var pause = TimeSpan.FromTicks(Math.Min(Longest.Ticks, first.Ticks << Math.Min(failures - 1, 20)));
        _held[vm] = (failures, at + pause, because);
    }

    /// <summary>Nobody can tell where it runs, or it runs twice: people have to look first.</summary>
    public void InDoubt(string vm, DateTimeOffset at, string because) => _held[vm] = (_held.GetValueOrDefault(vm).Failures + 1, at + Longest, because);

    public void Succeeded(string vm) => _held.Remove(vm);

    public ImmutableDictionary<string, string> At(DateTimeOffset at) => _held
        .Where(h => h.Value.Until > at)
        .ToImmutableDictionary(h => h.Key, h => $"left alone until {h.Value.Until:HH:mm:ss} after {h.Value.Failures} failure(s): {h.Value.Because}", StringComparer.Ordinal);
}
