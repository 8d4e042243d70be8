using System.Globalization;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power;

/// <summary>
/// Orderly shutdown by the system's <c>ssh</c>, for whatever switches the host otherwise. Never asks for anything: a key file, and only the host
/// keys of one file; nothing of a person's own ssh configuration is read.
/// </summary>
internal sealed class SshShutdown(IPowerDriver driver, string host, SshConfig config, TimeProvider time) : IPowerDriver
{
    private const string Program = "ssh";

    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    public string Name => driver.Name;

    public bool TellsState => driver.TellsState;

    public Task<PowerState> StateAsync(CancellationToken ct) => driver.StateAsync(ct);

    public Task PowerOnAsync(CancellationToken ct) => driver.PowerOnAsync(ct);

    public Task CutAsync(CancellationToken ct) => driver.CutAsync(ct);

    public async Task ShutDownAsync(CancellationToken ct)
    {
        string[] arguments =
        [
            "-F", "/dev/null", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={config.KnownHosts}", "-o", "GlobalKnownHostsFile=/dev/null",
            "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=10", "-i", config.Key, "-p", config.Port.ToString(CultureInfo.InvariantCulture), $"{config.User}@{config.Address}", config.Command,
        ];
        var end = await PowerProgram.RunAsync(Program, arguments, "openssh-client", "", CommandLimit, time, ct);
        // A host that goes down at once takes the connection with it.
        if (end.Code == 0 || end.Error.Contains("closed by remote host", StringComparison.Ordinal)) return;
        throw new ActionFailedException($"ssh {config.User}@{config.Address} \"{config.Command}\" for {host} ended with code {end.Code}: {end.Said}");
    }

    public IEnumerable<string> Lacks() => driver.Lacks().Concat(PowerProgram.Faults(Program, "openssh-client"))
        .Concat(Secret.Faults(new SecretSource.InFile(config.Key)))
        .Concat(File.Exists(config.KnownHosts) ? [] : [$"{config.KnownHosts} is not there; after checking the host's key, run: ssh-keyscan -p {config.Port} {config.Address} > {config.KnownHosts}"]);

    public void Dispose() => driver.Dispose();
}
