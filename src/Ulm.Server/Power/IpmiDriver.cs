using System.Globalization;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power;

/// <summary>
/// IPMI, by Debian's <c>ipmitool</c>. The password is read by ipmitool from its file (<c>-f</c>): it stands in no argument, no log and no
/// environment.
/// </summary>
internal sealed class IpmiDriver(string host, PowerConfig.Ipmi config, TimeProvider time) : IPowerDriver
{
    private const string Program = "ipmitool";

    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(20);

    public string Name => $"BMC of {host} at {config.Address}:{config.Port.ToString(CultureInfo.InvariantCulture)}";

    public bool TellsState => true;

    public async Task<PowerState> StateAsync(CancellationToken ct)
    {
        var answer = await ChassisAsync("status", ct);
        return answer.Contains("Chassis Power is off", StringComparison.OrdinalIgnoreCase) ? PowerState.Off
            : answer.Contains("Chassis Power is on", StringComparison.OrdinalIgnoreCase) ? PowerState.On
            : PowerState.Unknown;
    }

    public Task PowerOnAsync(CancellationToken ct) => ChassisAsync("on", ct);

    public Task ShutDownAsync(CancellationToken ct) => ChassisAsync("soft", ct);

    public Task CutAsync(CancellationToken ct) => ChassisAsync("off", ct);

    public IEnumerable<string> Lacks() => PowerProgram.Faults(Program, Program).Concat(Secret.Faults(config.Password));

    private async Task<string> ChassisAsync(string verb, CancellationToken ct)
    {
        // -R 1: one retry; ipmitool's own default of four would hold up the round for a BMC that is gone.
        string[] arguments =
        [
            "-I", config.Interface, "-H", config.Address, "-p", config.Port.ToString(CultureInfo.InvariantCulture), "-U", config.User,
            "-L", config.Privilege.ToUpperInvariant(), .. config.CipherSuite is { } suite ? new[] { "-C", suite.ToString(CultureInfo.InvariantCulture) } : [],
            "-f", Secret.CheckedPath(config.Password), "-R", "1", "chassis", "power", verb,
        ];
        var end = await PowerProgram.RunAsync(Program, arguments, Program, "", CommandLimit, time, ct);
        return end.Code == 0 ? end.Output : throw new ActionFailedException($"the {Name} refused \"chassis power {verb}\": {end.SaidWithout(Secret.Read(config.Password))}");
    }
}
