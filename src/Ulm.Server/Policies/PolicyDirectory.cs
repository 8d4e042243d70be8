using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Server.Policies;

/// <summary>
/// A folder of policies that may change while the server runs. Files are looked at again when the system reports a change or a reload is
/// asked for; all are compiled together once they have stood still for a moment, so that a half-saved file is not taken for its author's word.
/// </summary>
public sealed class PolicyDirectory(string folder, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Stillness = TimeSpan.FromMilliseconds(400);

    /// <summary>Some file systems report no changes: look anyway now and then.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private FileSystemWatcher? _watcher;
    private string _lastSeen = "";

    public string Folder => folder;

    /// <summary>Reads and compiles what is there now.</summary>
    /// <exception cref="Commands.CommandFailedException">The folder can't be read or holds no policy.</exception>
    public PolicyReload Load()
    {
        var texts = PolicyFiles.ReadTexts([folder]);
        _lastSeen = Fingerprint(texts);
        return PolicyReload.Of(PolicyFiles.Compile(texts));
    }

    /// <summary>Makes <see cref="NextAsync"/> look at once.</summary>
    public void LookNow()
    {
        _lastSeen = "";
        Signal();
    }

    /// <summary>Waits until the texts differ from those last loaded, then compiles them.</summary>
    public async Task<PolicyReload> NextAsync(CancellationToken ct)
    {
        _watcher ??= Watch();
        while (true)
        {
            await _changed.WaitAsync(LookAnyway, ct);
            ImmutableArray<SourceText> texts;
            try
            {
                texts = await ReadStillAsync(ct);
            }
            catch (Commands.CommandFailedException e)
            {
                if (_lastSeen == e.Message) continue;
                _lastSeen = e.Message;
                return PolicyReload.Unreadable(e.Message);
            }

            if (Fingerprint(texts) == _lastSeen) continue;
            _lastSeen = Fingerprint(texts);
            return PolicyReload.Of(PolicyFiles.Compile(texts));
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private async Task<ImmutableArray<SourceText>> ReadStillAsync(CancellationToken ct)
    {
        while (true)
        {
            var before = PolicyFiles.ReadTexts([folder]);
            await Task.Delay(Stillness, time, ct);
            var after = PolicyFiles.ReadTexts([folder]);
            if (Fingerprint(before) == Fingerprint(after)) return after;
        }
    }

    private FileSystemWatcher? Watch()
    {
        if (!Directory.Exists(folder)) return null;
        var watcher = new FileSystemWatcher(folder, PolicyFiles.Pattern) { IncludeSubdirectories = true };
        watcher.Changed += (_, _) => Signal();
        watcher.Created += (_, _) => Signal();
        watcher.Deleted += (_, _) => Signal();
        watcher.Renamed += (_, _) => Signal();
        watcher.Error += (_, _) => Signal();
        try
        {
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system watches no more folders for this user (inotify has a limit): looking now and then has to do.
            watcher.Dispose();
            return null;
        }
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // One look is due already.
        }
    }

    private static string Fingerprint(ImmutableArray<SourceText> texts) => string.Join('\0', texts.Select(s => $"{s.Name}\0{s.Text}"));
}

/// <summary>What a look at the policy texts came to.</summary>
/// <param name="Faults">For people, with places and carets; empty if there is nothing to say.</param>
public sealed record PolicyReload(CompilationResult Result, string Faults, bool Usable)
{
    internal static PolicyReload Of(PolicyFiles files) =>
        new(files.Result, files.Result.Diagnostics.IsEmpty ? "" : DiagnosticText.Render(files.Result.Diagnostics, files.Sources), !files.Result.HasErrors);

    public static PolicyReload Unreadable(string because) => new(new CompilationResult(Dsl.Policies.PolicySet.Empty, []), because, false);
}
