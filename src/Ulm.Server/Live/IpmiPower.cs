using System.Collections.Immutable;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Ulm.Engine;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;

namespace Ulm.Server.Live;

/// <summary>
/// Host power over IPMI, by Debian's <c>ipmitool</c>. The password is read by ipmitool from its file (<c>-f</c>): it stands in no
/// argument, no log and no memory of ours.
/// </summary>
internal sealed class IpmiPower(IEnumerable<HostConfig> hosts, TimeProvider time) : IHostPower
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(20);

    /// <summary>How long an orderly shutdown may take before the power is cut.</summary>
    private static readonly TimeSpan SoftLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ImmutableDictionary<string, BmcConfig> _bmcs =
        hosts.Where(h => h.Bmc is not null).ToImmutableDictionary(h => h.Name, h => h.Bmc!, StringComparer.Ordinal);

    public async Task<PowerState> StateAsync(Host host, CancellationToken ct)
    {
        try
        {
            var answer = await ChassisAsync(host, "status", ct);
            if (answer.Contains("Chassis Power is off", StringComparison.OrdinalIgnoreCase) || answer.Contains("System Power         : off", StringComparison.OrdinalIgnoreCase)) return PowerState.Off;
            return answer.Contains("is on", StringComparison.OrdinalIgnoreCase) || answer.Contains("System Power         : on", StringComparison.OrdinalIgnoreCase) ? PowerState.On : PowerState.Unknown;
        }
        catch (ActionFailedException)
        {
            return PowerState.Unknown;
        }
    }

    public async Task PowerOffAsync(Host host, CancellationToken ct)
    {
        try
        {
            await ChassisAsync(host, "soft", ct);
        }
        catch (ActionFailedException e)
        {
            // Some BMCs know no orderly shutdown; some take the order and answer late, so the host is looked at all the same.
            if (!await IsOffWithinAsync(host, HardLimit, ct)) throw new StillOnException(e.Message);
            return;
        }

        if (!await IsOffWithinAsync(host, SoftLimit, ct)) throw new StillOnException($"{host.Name} was asked to shut down and is still on {Show.Duration(SoftLimit)} later");
    }

    public async Task CutPowerAsync(Host host, CancellationToken ct)
    {
        await ChassisAsync(host, "off", ct);
        if (!await IsOffWithinAsync(host, HardLimit, ct))
            throw new ActionFailedException($"the BMC of {host.Name} took the order, but {Show.Duration(HardLimit)} later the host is still on");
    }

    public async Task PowerOnAsync(Host host, CancellationToken ct) => await ChassisAsync(host, "on", ct);

    private async Task<bool> IsOffWithinAsync(Host host, TimeSpan limit, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        while (await StateAsync(host, ct) != PowerState.Off)
        {
            if (time.GetElapsedTime(begun) >= limit) return false;
            await Task.Delay(Pause, time, ct);
        }

        return true;
    }

    private async Task<string> ChassisAsync(Host host, string verb, CancellationToken ct)
    {
        var bmc = _bmcs.GetValueOrDefault(host.Name) ?? throw new ActionFailedException($"no BMC is configured for {host.Name}");
        using var limit = new CancellationTokenSource(CommandLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            // -R 1: one retry; ipmitool's own default of four would hold up the round for a BMC that is gone.
            var result = await Cli.Wrap("ipmitool")
                .WithArguments(["-I", bmc.Interface, "-H", bmc.Address, "-p", bmc.Port.ToString(CultureInfo.InvariantCulture), "-U", bmc.User, "-f", bmc.PasswordFile, "-R", "1", "chassis", "power", verb])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(either.Token);
            if (result.ExitCode == 0) return result.StandardOutput;
            var said = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {result.ExitCode}";
            throw new ActionFailedException($"the BMC of {host.Name} ({bmc.Address}:{bmc.Port}) refused \"chassis power {verb}\": {said}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ActionFailedException($"the BMC of {host.Name} ({bmc.Address}:{bmc.Port}) did not answer \"chassis power {verb}\" within {Show.Duration(CommandLimit)}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ActionFailedException($"can't run ipmitool (Debian package ipmitool): {e.Message}", e);
        }
    }
}
