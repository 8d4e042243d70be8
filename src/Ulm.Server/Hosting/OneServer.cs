using Ulm.Server.Commands;
using Ulm.Server.Configuration;

namespace Ulm.Server.Hosting;

/// <summary>Holds the right to act on a site from this machine: a locked file beside the store. The system lets go of it when the process ends, however it does.</summary>
internal sealed class OneServer : IDisposable
{
    private readonly FileStream _lock;

    private OneServer(FileStream @lock) => _lock = @lock;

    /// <exception cref="CommandFailedException">Another server runs on this store or socket.</exception>
    public static OneServer Claim(ServerConfig config)
    {
        // The store first: a server that may not run touches no socket of the one that does.
        var claimed = ClaimStore(config.StorePath);
        try
        {
            ServerSocket.MakeFree(config.Socket);
            return claimed;
        }
        catch
        {
            claimed.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static OneServer ClaimStore(string store)
    {
        var file = store + ".lock";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
            return new OneServer(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"can't claim the store {store} (does another server use it?): {e.Message}");
        }
    }
}
