using System.Text.Json;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power.Redfish;

/// <summary>Redfish: <c>PowerState</c> and <c>ComputerSystem.Reset</c> of one ComputerSystem (DMTF DSP0266, DSP2046).</summary>
internal sealed class RedfishDriver(string host, PowerConfig.Redfish config, TimeProvider time) : IPowerDriver
{
    private readonly RedfishClient _client = new(config, time);
    private string? _system = config.System;

    public string Name => $"BMC of {host} at {config.Address.Authority}";

    public bool TellsState => true;

    public async Task<PowerState> StateAsync(CancellationToken ct) => RedfishPath.Text((await SystemAsync(ct)).System, "PowerState") switch
    {
        "Off" => PowerState.Off,
        // On its way it draws power and may still run something.
        "On" or "PoweringOn" or "PoweringOff" or "Paused" => PowerState.On,
        _ => PowerState.Unknown,
    };

    public Task PowerOnAsync(CancellationToken ct) => ResetAsync(["On", "ForceOn"], ct);

    public Task ShutDownAsync(CancellationToken ct) => ResetAsync(["GracefulShutdown"], ct);

    public Task CutAsync(CancellationToken ct) => ResetAsync(["ForceOff"], ct);

    public IEnumerable<string> Lacks() => Secret.Faults(config.Password).Concat(BmcTrust.Faults(config.Trust));

    public void Dispose() => _client.Dispose();

    /// <param name="types">The first of them that the system knows.</param>
    private Task ResetAsync(string[] types, CancellationToken ct) => ExplainedAsync(async () =>
    {
        var (path, system) = await SystemAsync(ct);
        var target = RedfishPath.Text(system, "Actions", "#ComputerSystem.Reset", "target") is ['/', not '/', ..] said ? said : $"{path.TrimEnd('/')}/Actions/ComputerSystem.Reset";
        var known = await KnownTypesAsync(system, ct);
        var type = known.Count == 0 ? types[0] : types.FirstOrDefault(known.Contains)
            ?? throw new NotSupportedByHostException($"the {Name} knows no {types[0]}, only {string.Join(", ", known)}");
        await _client.PostAsync(target, new Reset(type), ct);
        return true;
    });

    /// <summary>Said beside the action itself, or in a resource of its own (DSP0266, "ActionInfo"). Empty: not said.</summary>
    private async Task<IReadOnlyList<string>> KnownTypesAsync(JsonElement system, CancellationToken ct)
    {
        var beside = RedfishPath.Texts(system, "Actions", "#ComputerSystem.Reset", "ResetType@Redfish.AllowableValues");
        if (beside.Count > 0 || RedfishPath.Text(system, "Actions", "#ComputerSystem.Reset", "@Redfish.ActionInfo") is not ['/', not '/', ..] info) return beside;
        var action = await _client.GetAsync(info, ct);
        return action.TryGetProperty("Parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Array
            ? [.. parameters.EnumerateArray().Where(p => RedfishPath.Text(p, "Name") == "ResetType").SelectMany(p => RedfishPath.Texts(p, "AllowableValues"))]
            : [];
    }

    private Task<(string Path, JsonElement System)> SystemAsync(CancellationToken ct) => ExplainedAsync(async () =>
    {
        var path = _system ??= await OnlySystemAsync(ct);
        return (path, await _client.GetAsync(path, ct));
    });

    private async Task<string> OnlySystemAsync(CancellationToken ct)
    {
        var root = await _client.GetAsync("/redfish/v1/", ct);
        var systems = RedfishPath.Of(root, "Systems") is { } path ? RedfishPath.Members(await _client.GetAsync(path, ct)).ToList() : [];
        return systems.Count switch
        {
            1 => systems[0],
            0 => throw new ActionFailedException("it has no ComputerSystem"),
            _ => throw new ActionFailedException($"it has {systems.Count} ComputerSystems; say which is {host} by system = \"{systems[0]}\" or another of {string.Join(", ", systems)}"),
        };
    }

    private async Task<T> ExplainedAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ActionFailedException e) when (e is not NotSupportedByHostException && !e.Message.StartsWith("the BMC of", StringComparison.Ordinal))
        {
            throw new ActionFailedException($"the {Name}: {e.Message}", e.InnerException);
        }
    }

    private sealed record Reset([property: System.Text.Json.Serialization.JsonPropertyName("ResetType")] string ResetType);
}
