using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Editing;
using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.LanguageServer;

/// <summary>
/// The texts an editor works on. All policy files of a folder and of those in it are one set and are compiled together, as a server does with
/// its folder: open ones as the editor has them, the others as they are on disk. The folder of a set is the outermost one with policies of its own that
/// the editor has open; a text outside of what is open has its own folder, alone. Not thread-safe.
/// </summary>
internal sealed class PolicyWorkspace
{
    private readonly Dictionary<string, (OpenText Text, int Version)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyFiles> _compiled = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyFiles, PolicyOutline> _outlines = new(ReferenceEqualityComparer.Instance);

    // Of each set with an open text: most of its sentences are the same after an edit.
    private readonly Dictionary<string, SentenceMemo> _memos = new(StringComparer.Ordinal);

    // Of each folder with a text that was asked of: looked for on disk once, until something changes there.
    private readonly Dictionary<string, string> _sets = new(StringComparer.Ordinal);
    private ImmutableArray<string> _within = [];

    public IEnumerable<string> OpenUris => _open.Keys;

    /// <summary>The folders that the editor has open: no set reaches beyond them.</summary>
    public void Within(IEnumerable<string> uris) => _within = [.. uris.Select(PathOf).OfType<string>().Select(Path.TrimEndingDirectorySeparator)];

    public void Open(string uri, int version, string text)
    {
        _sets.Clear();
        Put(uri, version, new OpenText(text));
    }

    public void Change(string uri, int version, IEnumerable<ContentChange> changes)
    {
        if (_open.TryGetValue(uri, out var open)) Put(uri, version, changes.Aggregate(open.Text, (text, change) => text.With(change)));
    }

    public void Close(string uri)
    {
        _open.Remove(uri);
        Forget(SetOf(uri));
        if (!_open.Keys.Any(u => SetOf(u) == SetOf(uri))) _memos.Remove(SetOf(uri));
    }

    /// <summary>Files changed on disk, without the editor's doing.</summary>
    public void Forget()
    {
        _sets.Clear();
        foreach (var set in _compiled.Keys.ToList()) Forget(set);
        foreach (var set in _memos.Keys.Except(_open.Keys.Select(SetOf)).ToList()) _memos.Remove(set);
    }

    public int? VersionOf(string uri) => _open.TryGetValue(uri, out var open) ? open.Version : null;

    /// <summary>Null where there is no such text, open or on disk.</summary>
    public OpenText? TextOf(string uri) =>
        _open.TryGetValue(uri, out var open) ? open.Text : Compiled(uri).Sources.FirstOrDefault(s => s.Name == NameOf(uri)) is { } source ? new OpenText(source.Text) : null;

    /// <summary>The set that a text belongs to, compiled. Sources bear the names that <see cref="NameOf"/> gives.</summary>
    public PolicyFiles Compiled(string uri)
    {
        var set = SetOf(uri);
        if (!_compiled.TryGetValue(set, out var files)) _compiled.Add(set, files = PolicyFiles.Compile(Texts(set), memo: _memos.GetValueOrDefault(set)));
        return files;
    }

    /// <summary>The names of the set that a text belongs to.</summary>
    public PolicyOutline Outline(string uri)
    {
        var files = Compiled(uri);
        if (!_outlines.TryGetValue(files, out var outline)) _outlines.Add(files, outline = PolicyOutline.Of(files.Sources, _memos.GetValueOrDefault(SetOf(uri))));
        return outline;
    }

    /// <summary>The name of a text in compilations and diagnostics: its path, or the URI of one that is not on disk.</summary>
    public static string NameOf(string uri) => PathOf(uri) ?? uri;

    /// <summary>The URI of a text by its name; as the editor wrote it where it is open.</summary>
    public string UriOf(string name) => _open.Keys.FirstOrDefault(u => NameOf(u) == name) ?? (name.Contains("://", StringComparison.Ordinal) ? name : new Uri(name).AbsoluteUri);

    private void Put(string uri, int version, OpenText text)
    {
        _open[uri] = (text, version);
        _memos.TryAdd(SetOf(uri), new SentenceMemo());
        Forget(SetOf(uri));
    }

    private void Forget(string set)
    {
        if (_compiled.Remove(set, out var files)) _outlines.Remove(files);
    }

    private ImmutableArray<SourceText> Texts(string set)
    {
        var texts = _open.Where(o => SetOf(o.Key) == set).ToDictionary(o => NameOf(o.Key), o => o.Value.Text.Text, StringComparer.Ordinal);
        foreach (var path in FilesOf(set).Where(p => !texts.ContainsKey(p)))
        {
            if (OnDisk(path) is { } text) texts.Add(path, text);
        }

        return [.. texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new SourceText(t.Key, t.Value))];
    }

    private IEnumerable<string> FilesOf(string set)
    {
        try
        {
            return !Directory.Exists(set) ? [] : OutermostFor(set) is null ? Directory.GetFiles(set, PolicyFiles.Pattern) : PolicyFiles.In(set);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // A file that can't be read is its owner's to know when it is opened; the others are still worth compiling.
    private static string? OnDisk(string path)
    {
        try
        {
            return PolicyFiles.ReadAll([path])[0].Text;
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    /// <summary>A folder; for a text that is not on disk itself.</summary>
    private string SetOf(string uri)
    {
        if (PathOf(uri) is not { } path || Path.GetDirectoryName(path) is not { } folder) return uri;
        if (!_sets.TryGetValue(folder, out var set)) _sets.Add(folder, set = OutermostWithPolicies(folder));
        return set;
    }

    private string OutermostWithPolicies(string folder)
    {
        var set = folder;
        if (OutermostFor(folder) is not { } outermost) return set;
        for (var above = folder; above.Length > outermost.Length; )
        {
            above = Path.GetDirectoryName(above)!;
            if (HasPolicies(above)) set = above;
        }

        return set;
    }

    private static bool HasPolicies(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, PolicyFiles.Pattern).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The folder open in the editor that a folder is in; null: none.</summary>
    private string? OutermostFor(string folder) =>
        _within.Where(w => folder == w || folder.StartsWith(w.EndsWith('/') ? w : w + "/", StringComparison.Ordinal)).MinBy(w => w.Length);

    private static string? PathOf(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile ? parsed.LocalPath : null;
}
