using System.Collections.Immutable;
using Ulm.Engine;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Libvirt;
using Ulm.Server.Configuration;
using Ulm.Server.Live;

namespace Ulm.Server.Power;

/// <summary>
/// Power of real hosts, whatever switches each of them: gives the order, then looks until the host is off or its time is up. Putting a host to sleep
/// that is otherwise powered off is its own libvirt's.
/// </summary>
internal sealed class SitePower : IHostPower, IDisposable
{
    /// <summary>libvirt sets the host's clock to wake it after a time, and must be given one. A day, which every clock can count; the BMC wakes it earlier.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    /// <summary>How long a host may take to go off once its power is cut, or after an order that may have been taken.</summary>
    private static readonly TimeSpan CutTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ImmutableDictionary<string, ManagedHost> _hosts;
    private readonly ImmutableDictionary<string, (IPowerDriver Driver, PowerConfig Config)> _drivers;

    /// <summary>Hosts that were told to go, took the order and then fell silent: with a driver that tells no state these are off, until they answer again.</summary>
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

    public SitePower(IReadOnlyCollection<ManagedHost> hosts, TimeProvider time)
    {
        _time = time;
        _hosts = hosts.ToImmutableDictionary(h => h.Config.Name, StringComparer.Ordinal);
        _drivers = hosts.Where(h => h.Config.Power is not null)
            .ToImmutableDictionary(h => h.Config.Name, h => (PowerDrivers.Of(h, h.Config.Power!, time), h.Config.Power!), StringComparer.Ordinal);
    }

    /// <summary>What this machine lacks to switch its hosts, each fault once, with the hosts that it concerns.</summary>
    public IEnumerable<string> Lacks() => _drivers.OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d => d.Value.Driver.Lacks().Select(lack => (Host: d.Key, Lack: lack)))
        .GroupBy(l => l.Lack, l => l.Host).Select(g => $"{string.Join(", ", g.Take(5))}{(g.Count() > 5 ? $" and {g.Count() - 5} more" : "")}: {g.Key}");

    public async Task<PowerState> StateAsync(Host host, CancellationToken ct)
    {
        if (!_drivers.TryGetValue(host.Name, out var way)) return PowerState.Unknown;
        try
        {
            var state = await way.Driver.StateAsync(ct);
            lock (_gone)
            {
                if (way.Driver.TellsState || state != PowerState.Unknown)
                {
                    if (state == PowerState.On) _gone.Remove(host.Name);
                    return state;
                }

                return _gone.Contains(host.Name) ? PowerState.Off : PowerState.Unknown;
            }
        }
        catch (ActionFailedException)
        {
            return PowerState.Unknown;
        }
    }

    public void Answered(Host host)
    {
        lock (_gone) _gone.Remove(host.Name);
    }

    public async Task PowerOffAsync(Host host, CancellationToken ct)
    {
        var (driver, config) = Way(host);
        try
        {
            await driver.ShutDownAsync(ct);
        }
        catch (NotSupportedByHostException e)
        {
            throw StillOn(config, e.Message, nothingSent: true);
        }
        catch (ActionFailedException e)
        {
            // Some take the order and answer late, so the host is looked at all the same. Only a state that was asked for counts: silence means nothing here.
            if (e.NothingSent || !driver.TellsState || !await IsOffWithinAsync(driver, CutTime, ct)) throw StillOn(config, e.Message, e.NothingSent);
            return;
        }

        if (!await IsOffWithinAsync(driver, config.ShutdownTime, ct)) throw StillOn(config, $"{host.Name} was asked to shut down and is still on {Show.Duration(config.ShutdownTime)} later", nothingSent: false);
        lock (_gone) _gone.Add(host.Name);
    }

    public async Task CutPowerAsync(Host host, CancellationToken ct)
    {
        var (driver, _) = Way(host);
        try
        {
            await driver.CutAsync(ct);
        }
        catch (ActionFailedException)
        {
            // It may have gone off by itself meanwhile, with nothing left to cut.
            if (driver.TellsState && await IsOffAsync(driver, ct)) return;
            throw;
        }

        if (!await IsOffWithinAsync(driver, CutTime, ct)) throw new ActionFailedException($"the {driver.Name} took the order, but {Show.Duration(CutTime)} later the host is still on");
    }

    public async Task PowerOnAsync(Host host, CancellationToken ct) => await Way(host).Driver.PowerOnAsync(ct);

    public async Task SuspendAsync(Host host, CancellationToken ct)
    {
        try
        {
            await _hosts[host.Name].Libvirt.SuspendHostAsync(NodeSuspendTarget.Memory, LongestSleep, ct);
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported)
        {
            throw new NotSupportedByHostException($"{host.Name} can't suspend to memory: {e.Message}", e);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    public void Dispose()
    {
        foreach (var (_, (driver, _)) in _drivers) driver.Dispose();
    }

    /// <summary>What comes after an orderly shutdown that did not work is configured: cutting the power, or nothing but telling.</summary>
    private static ActionFailedException StillOn(PowerConfig config, string why, bool nothingSent) => config.CutsPower
        ? new StillOnException(why) { NothingSent = nothingSent }
        : new LeftOnException($"{why}; its power is not cut, as after-shutdown = \"tell\" says") { NothingSent = nothingSent };

    private (IPowerDriver Driver, PowerConfig Config) Way(Host host) =>
        _drivers.TryGetValue(host.Name, out var way) ? way : throw new ActionFailedException($"nothing is configured that could switch {host.Name}") { NothingSent = true };

    private async Task<bool> IsOffWithinAsync(IPowerDriver driver, TimeSpan limit, CancellationToken ct)
    {
        var begun = _time.GetTimestamp();
        while (!await IsOffAsync(driver, ct))
        {
            if (_time.GetElapsedTime(begun) >= limit) return false;
            await Task.Delay(Pause, _time, ct);
        }

        return true;
    }

    private static async Task<bool> IsOffAsync(IPowerDriver driver, CancellationToken ct)
    {
        try
        {
            // Called only after the order was taken: of a host that can't be asked, silence is then the answer.
            return await driver.StateAsync(ct) == (driver.TellsState ? PowerState.Off : PowerState.Unknown);
        }
        catch (ActionFailedException)
        {
            return false;
        }
    }
}
