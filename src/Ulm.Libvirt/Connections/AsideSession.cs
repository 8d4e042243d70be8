using Ulm.Libvirt.Calls;

namespace Ulm.Libvirt.Connections;

/// <summary>Opens a connection beside the main one, for a call that lasts or must not wait for its turn.</summary>
internal static class AsideSession
{
    /// <exception cref="LibvirtTimeoutException">It takes too long; if it opens later, it is closed at once.</exception>
    public static async Task<Session> OpenAsync(LibvirtConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var opening = NativeWorkers.Run(() => Session.OpenAside(options));
        try
        {
            return await opening.WaitAsync(options.CallTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _ = opening.ContinueWith(static late => NativeWorkers.Run(late.Result.Close), TaskContinuationOptions.OnlyOnRanToCompletion);
            if (e is OperationCanceledException) throw;
            throw new LibvirtTimeoutException(
                $"No answer within {options.CallTimeout.TotalSeconds:0.#} s", "virConnectOpen", options.Uri, options.CallTimeout, sent: false);
        }
    }
}
