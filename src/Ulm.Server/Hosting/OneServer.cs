using Ulm.Server.Commands;
using Ulm.Server.Configuration;

namespace Ulm.Server.Hosting;

/// <summary>
/// Tells the servers of one machine apart: a locked file beside the store. The system lets go of it when the process ends, however it does, so that
/// whoever has it knows that all others that ever had it are gone, and need not wait for their lease to be over.
/// </summary>
internal sealed class OneServer : IDisposable
{
    private readonly string _file;
    private FileStream? _lock;

    private OneServer(string file) => _file = file;

    /// <exception cref="CommandFailedException">A server listens on this socket, or the store's folder can't be used.</exception>
    public static OneServer Claim(ServerConfig config)
    {
        ServerSocket.MakeFree(config.Socket);
        var file = config.StorePath + ".lock";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"can't use the store {config.StorePath}: {e.Message}");
        }

        return new OneServer(file);
    }

    /// <summary>True: no other server of this machine uses the store, from here until this one ends.</summary>
    public bool IsAlone()
    {
        try
        {
            _lock ??= new FileStream(_file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return _lock is not null;
    }

    public void Dispose() => _lock?.Dispose();
}
