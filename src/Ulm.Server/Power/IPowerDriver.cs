using Ulm.Engine.Actions;

namespace Ulm.Server.Power;

/// <summary>
/// One real way to switch one host. It gives orders and says what it sees; when to cut the power, and whether an order had its effect, is
/// <see cref="SitePower"/>'s. Calls may run at the same time.
/// </summary>
internal interface IPowerDriver : IDisposable
{
    /// <summary>Who is asked, for people: <c>BMC of h1 at 10.9.0.1:623</c>.</summary>
    string Name { get; }

    /// <summary>False: whether the host is off can't be asked, only whether anything of it answers.</summary>
    bool TellsState { get; }

    /// <returns><see cref="PowerState.Unknown"/> where what answers can't tell.</returns>
    /// <exception cref="ActionFailedException">No answer, or none that is understood.</exception>
    Task<PowerState> StateAsync(CancellationToken ct);

    /// <summary>Returns once the order is taken; booting is awaited by the caller.</summary>
    /// <exception cref="ActionFailedException">Refused or no answer.</exception>
    Task PowerOnAsync(CancellationToken ct);

    /// <summary>Asks the host to shut down in order. Returns once the order is taken.</summary>
    /// <exception cref="NotSupportedByHostException">This way knows no orderly shutdown.</exception>
    /// <exception cref="ActionFailedException">Refused or no answer; it may have been taken all the same.</exception>
    Task ShutDownAsync(CancellationToken ct);

    /// <summary>Cuts the power. Returns once the order is taken.</summary>
    /// <exception cref="NotSupportedByHostException">This way can't.</exception>
    /// <exception cref="ActionFailedException">Refused or no answer.</exception>
    Task CutAsync(CancellationToken ct);

    /// <summary>What this machine lacks for it: a program that is not installed, a secret that can't be used. Each with what to do.</summary>
    IEnumerable<string> Lacks();

    void IDisposable.Dispose()
    {
    }
}
