using System.Text;
using Ulm.Server.Commands;

namespace Ulm.Server.Reports;

/// <summary>
/// Where a report goes. Opened before the simulation, so that a path that can't be written costs no time; what is there stays
/// as it is until the page is complete, and a run that ends early leaves no empty file behind.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly bool _isNew;
    private bool _written;

    private ReportFile(string path, FileStream stream, bool isNew) => (_path, _stream, _isNew) = (path, stream, isNew);

    /// <param name="read">Files the command reads: a slip of the keyboard must not replace them.</param>
    /// <exception cref="CommandFailedException">It can't be written.</exception>
    public static ReportFile Open(string path, IEnumerable<string> read)
    {
        try
        {
            if (path.Length == 0) throw new CommandFailedException("--report: the name of the file is empty");
            if (read.Any(r => Path.GetFullPath(r) == Path.GetFullPath(path))) throw new CommandFailedException($"--report: {path} is read by this very command; name another file");
            if (Directory.Exists(path)) throw new CommandFailedException($"--report: {path} is a directory; name a file in it");
            var isNew = !File.Exists(path);
            return new ReportFile(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read), isNew);
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandFailedException($"--report: {path} can't be written: there is no such directory");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailedException($"--report: {path} can't be written: {OneLine(e)}");
        }
    }

    /// <exception cref="CommandFailedException">The disk is full, or gone.</exception>
    public void Write(string page)
    {
        try
        {
            if (_stream.CanSeek) _stream.SetLength(0);
            _stream.Write(Encoding.UTF8.GetBytes(page));
            _stream.Flush();
            _written = true;
        }
        catch (IOException e)
        {
            throw new CommandFailedException($"--report: {_path} can't be written: {OneLine(e)}");
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isNew && !_written) File.Delete(_path);
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
