using System.Text.Json;
using System.Text.Json.Serialization;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power;

/// <summary>
/// A program of the administrator's own: one JSON object on its standard input, its answer is its exit code. 0: done, or the host is on;
/// 2: the host is off; 3: it can't do that; anything else: it failed, and its last line says why.
/// </summary>
internal sealed class HookDriver(string host, PowerConfig.Hook config, TimeProvider time) : IPowerDriver
{
    private const int IsOff = 2;

    private const int CanNot = 3;

    public string Name => $"power hook of {host} ({Path.GetFileName(config.Command[0])})";

    public bool TellsState => true;

    public async Task<PowerState> StateAsync(CancellationToken ct)
    {
        var end = await RunAsync("status", ct);
        return end.Code switch
        {
            0 => PowerState.On,
            IsOff => PowerState.Off,
            CanNot => PowerState.Unknown,
            _ => throw Failed("status", end),
        };
    }

    public Task PowerOnAsync(CancellationToken ct) => OrderAsync("on", ct);

    public Task ShutDownAsync(CancellationToken ct) => OrderAsync("shutdown", ct);

    public Task CutAsync(CancellationToken ct) => OrderAsync("off", ct);

    public IEnumerable<string> Lacks() => PowerProgram.Faults(config.Command[0], null);

    private async Task OrderAsync(string action, CancellationToken ct)
    {
        var end = await RunAsync(action, ct);
        if (end.Code == CanNot) throw new NotSupportedByHostException($"the {Name} can't do \"{action}\"");
        if (end.Code != 0) throw Failed(action, end);
    }

    private ActionFailedException Failed(string action, ProgramEnd end) => new($"the {Name} failed at \"{action}\" with code {end.Code}: {end.Said}");

    private Task<ProgramEnd> RunAsync(string action, CancellationToken ct) => PowerProgram.RunAsync(
        config.Command[0], config.Command.Skip(1), null, JsonSerializer.Serialize(new Order(action, host)), config.TimeLimit, time, ct);

    private sealed record Order([property: JsonPropertyName("action")] string Action, [property: JsonPropertyName("host")] string Host)
    {
        [JsonPropertyName("schema"), JsonPropertyOrder(-1)]
        public string Schema => "ulm.power/1";
    }
}
