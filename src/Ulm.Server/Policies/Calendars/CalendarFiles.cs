using Ulm.Dsl;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Policies.Calendars;

/// <summary>
/// The calendar files of one compilation, each read once: what is compiled is one state of the disk, however often a file is asked for.
/// Not safe for several threads.
/// </summary>
internal sealed class CalendarFiles
{
    public const string Pattern = "*.ics";

    private const long LargestFile = 4 << 20;

    private readonly SortedDictionary<string, Contents> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), CalendarLookup> _found = [];

    /// <summary>Full paths of the files that policies have asked for.</summary>
    public SortedSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Another text whenever one of the files read is another.</summary>
    public string Fingerprint => string.Join('\0', _read.Select(r => $"{r.Key}\0{r.Value.Fingerprint}"));

    /// <summary>Reads files before anybody asks for them.</summary>
    public static CalendarFiles Of(IEnumerable<string> paths)
    {
        var files = new CalendarFiles();
        foreach (var path in paths) files.Read(Path.GetFullPath(path));
        return files;
    }

    /// <param name="path">As written: counted from the folder of <paramref name="source"/>, the policy file.</param>
    public CalendarLookup Find(string path, string source, TimeZoneInfo zone)
    {
        if (path.Contains('\0')) return new CalendarLookup.Unavailable("this can't be the name of a file");
        var full = Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(source)) ?? "/");
        Asked.Add(full);
        if (_found.TryGetValue((full, zone.Id), out var known)) return known;
        var contents = Read(full);
        var found = contents.Bytes is { } bytes ? IcsReader.Read(bytes, zone) : new CalendarLookup.Unavailable(contents.Fault!);
        _found.Add((full, zone.Id), found);
        return found;
    }

    private Contents Read(string path)
    {
        if (!_read.TryGetValue(path, out var contents)) _read.Add(path, contents = Contents.Of(path));
        return contents;
    }

    private sealed record Contents(byte[]? Bytes, string? Fault, string Fingerprint)
    {
        public static Contents Of(string path)
        {
            var faults = new FileFaults(path);
            // To open a pipe just to see would wait for whoever writes to it.
            if (FileKinds.Of(path) is FileKind.Socket or FileKind.Other) faults.Add("it is no regular file");
            using var file = faults.Any ? null : DataFile.Open(path, faults);
            var bytes = file is null ? null : DataFile.ReadAll(file, LargestFile, faults);
            return bytes is null ? new Contents(null, faults.Found[0].Message, faults.Found[0].Message) : new Contents(bytes, null, Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes)));
        }
    }
}
