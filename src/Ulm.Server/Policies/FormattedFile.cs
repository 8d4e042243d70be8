using System.Text;
using Ulm.Server.Commands;

namespace Ulm.Server.Policies;

/// <summary>Puts a formatted text in the place of a policy file, as a whole or not at all.</summary>
internal static class FormattedFile
{
    /// <summary>
    /// Writes beside the file and renames, so that whoever reads meanwhile, a server that watches the folder say, sees the old text or
    /// the new one. The file keeps its mode. A symbolic link stays one; what it leads to is written.
    /// </summary>
    /// <exception cref="CommandFailedException">The folder or the disk did not let it; the file is as it was.</exception>
    public static void Replace(string path, string text)
    {
        var temporary = "";
        try
        {
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
            // Not *.ulm: a watching server is not to take it for a policy.
            temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Environment.ProcessId}.tmp");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new CommandFailedException($"{path} can't be written: {e.Message}");
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            if (temporary.Length > 0) File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is to be told is why the file could not be written.
        }
    }
}
