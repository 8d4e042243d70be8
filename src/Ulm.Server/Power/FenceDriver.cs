using System.Text;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power;

/// <summary>
/// A fence agent of Debian's <c>fence-agents</c>: it is told what to do by <c>key=value</c> lines on its standard input, the password among them,
/// and answers by its exit code (0 done, or on; 2 off; 1 failed). See the FenceAgentAPI of ClusterLabs,
/// https://github.com/ClusterLabs/fence-agents/blob/main/doc/FenceAgentAPI.md.
/// </summary>
internal sealed class FenceDriver(string host, PowerConfig.Fence config, TimeProvider time) : IPowerDriver
{
    private const int IsOff = 2;

    /// <summary>An agent waits by itself until the host is off or on, 20 s and more.</summary>
    private static readonly TimeSpan OrderLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(30);

    public string Name => $"{Path.GetFileName(config.Agent)} of {host}";

    public bool TellsState => true;

    public async Task<PowerState> StateAsync(CancellationToken ct)
    {
        var (end, secret) = await RunAsync("status", StatusLimit, ct);
        return end.Code switch
        {
            0 => PowerState.On,
            IsOff => PowerState.Off,
            _ => throw Failed("status", end, secret),
        };
    }

    public Task PowerOnAsync(CancellationToken ct) => OrderAsync("on", ct);

    public Task ShutDownAsync(CancellationToken ct) => throw new NotSupportedByHostException("a fence agent knows no orderly shutdown; give it [host.power.ssh]");

    public Task CutAsync(CancellationToken ct) => OrderAsync("off", ct);

    public IEnumerable<string> Lacks() => PowerProgram.Faults(config.Agent, "fence-agents").Concat(Secret.Faults(config.Password));

    private async Task OrderAsync(string action, CancellationToken ct)
    {
        var (end, secret) = await RunAsync(action, OrderLimit, ct);
        if (end.Code != 0) throw Failed(action, end, secret);
    }

    private ActionFailedException Failed(string action, ProgramEnd end, string? secret) => new($"{Name} failed at \"{action}\": {end.SaidWithout(secret)}");

    private async Task<(ProgramEnd End, string? Secret)> RunAsync(string action, TimeSpan limit, CancellationToken ct)
    {
        var secret = config.Password is { } source ? Secret.Read(source) : null;
        var input = new StringBuilder($"action={action}\n");
        foreach (var (key, value) in config.Options) input.Append(key).Append('=').Append(Kept(value)).Append('\n');
        if (secret is not null) input.Append("password=").Append(Kept(secret)).Append('\n');
        return (await PowerProgram.RunAsync(config.Agent, [], "fence-agents", input.ToString(), limit, time, ct), secret);
    }

    /// <summary>Agents take off the blanks around a line and one pair of quotes around a value, so a value that would lose its own is given a pair.</summary>
    private static string Kept(string value) => value.Trim() != value || value is ['"', .., '"'] ? $"\"{value}\"" : value;
}
