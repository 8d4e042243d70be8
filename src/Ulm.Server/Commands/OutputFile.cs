using System.Text;

namespace Ulm.Server.Commands;

/// <summary>
/// Where a long command's result goes. Opened before the work, so that a path that can't be written costs no time; what is there stays
/// as it is until the result is complete, and a command that ends early leaves no empty file behind.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _option;
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly bool _isNew;
    private bool _written;

    private OutputFile(string option, string path, FileStream stream, bool isNew) => (_option, _path, _stream, _isNew) = (option, path, stream, isNew);

    /// <param name="option">That names it, for messages.</param>
    /// <param name="read">Files the command reads: a slip of the keyboard must not replace them.</param>
    /// <exception cref="CommandFailedException">It can't be written.</exception>
    public static OutputFile Open(string option, string path, IEnumerable<string> read)
    {
        try
        {
            if (path.Length == 0) throw new CommandFailedException($"{option}: the name of the file is empty");
            if (read.Any(r => Path.GetFullPath(r) == Path.GetFullPath(path))) throw new CommandFailedException($"{option}: {path} is read by this very command; name another file");
            if (Directory.Exists(path)) throw new CommandFailedException($"{option}: {path} is a directory; name a file in it");
            var isNew = !File.Exists(path);
            return new OutputFile(option, path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read), isNew);
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandFailedException($"{option}: {path} can't be written: there is no such directory");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailedException($"{option}: {path} can't be written: {OneLine(e)}");
        }
    }

    /// <exception cref="CommandFailedException">The disk is full, or gone.</exception>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <exception cref="CommandFailedException">The disk is full, or gone.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        try
        {
            if (_stream.CanSeek) _stream.SetLength(0);
            _stream.Write(content);
            _stream.Flush();
            _written = true;
        }
        catch (IOException e)
        {
            throw new CommandFailedException($"{_option}: {_path} can't be written: {OneLine(e)}");
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isNew && !_written) File.Delete(_path);
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
