using System.Text;
using Ulm.Dsl;
using Ulm.Server.Commands;

namespace Ulm.Server.Policies;

/// <summary>Reads policy texts: each path is a file, or a folder whose <c>*.ulm</c> files count (not those in folders within it).</summary>
public static class PolicyFiles
{
    public const string Pattern = "*.ulm";

    /// <returns>In the order given, folders in name order; a file named twice counts once.</returns>
    /// <exception cref="CommandFailedException">A path is not there or can't be read, or a folder holds no policy.</exception>
    public static IReadOnlyList<SourceText> Read(IEnumerable<string> paths)
    {
        var sources = new List<SourceText>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            try
            {
                foreach (var file in Expand(path).Where(f => seen.Add(Path.GetFullPath(f)))) sources.Add(new SourceText(file, File.ReadAllText(file, Encoding.UTF8)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException($"can't read {path}: {e.Message}");
            }
        }

        return sources;
    }

    private static IReadOnlyList<string> Expand(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new CommandFailedException($"there is no file or folder {path}");
        var files = Directory.GetFiles(path, Pattern).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new CommandFailedException($"the folder {path} holds no {Pattern} file");
    }
}
