using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Outside;

/// <summary>The hooks of <c>ulm.toml</c>.</summary>
internal sealed class ConfiguredHooks(IEnumerable<CommandConfig> hooks, TimeProvider time) : IHookRunner
{
    private readonly ImmutableDictionary<string, CommandConfig> _hooks = hooks.ToImmutableDictionary(h => h.Name, StringComparer.Ordinal);

    public Task RunAsync(string hook, DecisionNote note, CancellationToken ct) => _hooks.TryGetValue(hook, out var found)
        ? OutsideCommand.RunAsync($"hook {hook}", found.Command, found.TimeLimit, NoteDocument.Of(note), time, ct)
        : throw new ActionFailedException($"no hook {hook} is configured; there {(_hooks.IsEmpty ? "is none" : $"are {string.Join(", ", _hooks.Keys.Order(StringComparer.Ordinal))}")}");
}
