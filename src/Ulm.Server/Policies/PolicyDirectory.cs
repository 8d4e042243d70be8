using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Server.Commands;

namespace Ulm.Server.Policies;

/// <summary>
/// A folder of policies that may change while the server runs. Files are looked at again when the system reports a change or a reload is
/// asked for; all are compiled together once nobody writes to them and they have stood still for a moment, so that a half-saved file, or one of
/// several, is not taken for its author's word. <see cref="WaitAsync"/> and <see cref="LookNow"/> may be called while another call reads;
/// reading is for one caller at a time.
/// </summary>
public sealed class PolicyDirectory(string folder, SiteClock clock, TimeProvider time) : IPolicySource, IDisposable
{
    private static readonly TimeSpan Stillness = TimeSpan.FromMilliseconds(400);

    /// <summary>A file that had text and is empty now was most likely cut to be written anew: nobody deletes a policy by emptying it in a hurry.</summary>
    private static readonly TimeSpan StillnessOfEmptied = TimeSpan.FromSeconds(4);

    /// <summary>A program that keeps a file open for writing does not keep its policies from the site for ever.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);

    /// <summary>Some file systems report no changes: look anyway now and then.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private FileSystemWatcher? _watcher;
    private FolderState _last = FolderState.None;
    private volatile bool _asked;

    public string Folder => folder;

    /// <summary>Reads and compiles what is there now.</summary>
    /// <exception cref="CommandFailedException">The folder can't be read or holds no policy.</exception>
    public PolicyReload Load()
    {
        var state = FolderState.Read(folder, _last);
        if (state.Unreadable is { } because) throw new CommandFailedException(because);
        return Compile(state);
    }

    /// <summary>The next <see cref="WaitAsync"/> returns at once, and <see cref="ReadAsync"/> compiles even what has not changed.</summary>
    public void LookNow()
    {
        _asked = true;
        Signal();
    }

    /// <summary>Returns when something has changed in the folder, a look was asked for, or it is time to look anyway.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        _watcher ??= Watch();
        await _changed.WaitAsync(LookAnyway, ct);
    }

    /// <summary>Waits until the files stand still, and compiles them.</summary>
    /// <param name="evenIfUnchanged">False: null where they are those compiled last and nobody asked for a look.</param>
    public async Task<PolicyReload?> ReadAsync(bool evenIfUnchanged, CancellationToken ct)
    {
        var asked = _asked;
        _asked = false;
        var state = await ReadStillAsync(ct);
        return evenIfUnchanged || asked || state.Fingerprint != _last.Fingerprint ? Compile(state) : null;
    }

    /// <summary>Waits until the files stand still, and compiles them without taking note: what has changed is a change still.</summary>
    public async Task<PolicyReload> PeekAsync(CancellationToken ct)
    {
        var state = await ReadStillAsync(ct);
        return state.Unreadable is { } because ? PolicyReload.Unreadable(because) : PolicyReload.Of(PolicyFiles.Compile(state.Texts, state.Calendars, clock));
    }

    /// <summary>Compiles other texts, as they would be were they in the folder.</summary>
    public PolicyReload Try(ImmutableArray<SourceText> texts) => PolicyReload.Of(PolicyFiles.Compile(texts, clock));

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private PolicyReload Compile(FolderState state)
    {
        _last = state;
        if (state.Unreadable is { } because) return PolicyReload.Unreadable(because);
        var reload = PolicyReload.Of(PolicyFiles.Compile(state.Texts, state.Calendars, clock));
        // Calendars that nobody had asked for before were read just now: another version of them is a change.
        _last = state with { Fingerprint = FolderState.FingerprintOf(state.Texts, state.Calendars) };
        return reload;
    }

    private async Task<FolderState> ReadStillAsync(CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        var before = FolderState.Read(folder, _last);
        while (true)
        {
            await Task.Delay(before.HasEmptied(_last) ? StillnessOfEmptied : Stillness, time, ct);
            var after = FolderState.Read(folder, _last);
            if (after.Fingerprint == before.Fingerprint && (!after.IsBeingWritten || time.GetElapsedTime(begun) > LongestWrite)) return after;
            before = after;
        }
    }

    private FileSystemWatcher? Watch()
    {
        if (!Directory.Exists(folder)) return null;
        // Not only policies: calendars are read too, and folders are moved as a whole.
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
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
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // One look is due already, or there will be none any more: the system may tell of a change that came before the end.
        }
    }
}
