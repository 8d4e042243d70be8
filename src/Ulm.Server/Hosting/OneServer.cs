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
        ServerSocket.MakeFree(config.Socket);
        var file = config.StorePath + ".lock";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
            return new OneServer(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"can't claim the store {config.StorePath} (does another server use it?): {e.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();
}
