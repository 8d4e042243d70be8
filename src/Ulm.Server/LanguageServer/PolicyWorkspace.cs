using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Editing;
using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.LanguageServer;

/// <summary>
/// The texts an editor works on. All policy files of a folder are one set and are compiled together, as a server does with its folder:
/// open ones as the editor has them, the others as they are on disk. Not thread-safe.
/// </summary>
internal sealed class PolicyWorkspace
{
    private readonly Dictionary<string, (OpenText Text, int Version)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyFiles> _compiled = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyFiles, PolicyOutline> _outlines = new(ReferenceEqualityComparer.Instance);

    // Of each set with an open text: most of its sentences are the same after an edit.
    private readonly Dictionary<string, SentenceMemo> _memos = new(StringComparer.Ordinal);

    public IEnumerable<string> OpenUris => _open.Keys;

    public void Open(string uri, int version, string text) => Put(uri, version, new OpenText(text));

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
        foreach (var set in _compiled.Keys.ToList()) Forget(set);
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
        if (Directory.Exists(set))
        {
            foreach (var path in Directory.EnumerateFiles(set, PolicyFiles.Pattern).Where(p => !texts.ContainsKey(p)))
            {
                if (OnDisk(path) is { } text) texts.Add(path, text);
            }
        }

        return [.. texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new SourceText(t.Key, t.Value))];
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
    private static string SetOf(string uri) => PathOf(uri) is { } path ? Path.GetDirectoryName(path) ?? path : uri;

    private static string? PathOf(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile ? parsed.LocalPath : null;
}
