using System.Collections.Concurrent;
using System.Diagnostics;
using Ulm.Server.Policies;

namespace Ulm.Server.Tests.Policies;

/// <summary>
/// How editors and tools save, done for real on disk while a directory is watched: whatever is taken over is the old set or the new one, never
/// half of either. Both files of a set carry its number, and each ends with a rule of its own.
/// </summary>
public sealed class SavePatternTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PolicyDirectory _directory;
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public SavePatternTests()
    {
        _folder.Write("a.ulm", Text("a", 1));
        _folder.Write("b.ulm", Text("b", 1));
        _directory = new PolicyDirectory(_folder.Path, SiteClock.Usual, TimeProvider.System);
        Assert.Equal("a1 a1 b1 b1", Summary(_directory.Load()));
        _watching = WatchAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watching.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Written_beside_and_renamed()
    {
        foreach (var name in new[] { "a", "b" })
        {
            _folder.Write($"{name}.ulm.new", Text(name, 2));
            File.Move(_folder.File($"{name}.ulm.new"), _folder.File($"{name}.ulm"), overwrite: true);
        }

        await AssertTakenAsync("a2 a2 b2 b2");
    }

    [Fact]
    public async Task Cut_and_written_slowly_by_a_program_that_keeps_it_open()
    {
        using (var a = Cut("a"))
        using (var b = Cut("b"))
        {
            // Longer than a still file is waited for, with nothing, one rule and two in it.
            await PauseAsync(1.2);
            a.Write(Text("a", 2)[..90]);
            b.Write(Text("b", 2));
            a.Flush();
            b.Flush();
            await PauseAsync(1.2);
            a.Write(Text("a", 2)[90..]);
        }

        await AssertTakenAsync("a2 a2 b2 b2");
    }

    [Fact]
    public async Task Emptied_and_filled_a_moment_later()
    {
        _folder.Write("a.ulm", "");
        await PauseAsync(1.5);
        _folder.Write("a.ulm", Text("a", 1) + "policy more every 1h balance\n");
        await AssertTakenAsync("a1 a1 more b1 b1");
    }

    /// <summary>A rename to the backup, a new file, and the backup away; its swap file beside all the time.</summary>
    [Fact]
    public async Task Vim()
    {
        foreach (var name in new[] { "a", "b" })
        {
            _folder.Write($".{name}.ulm.swp", "b0VIM 9.0");
            _folder.Write("4913", "");
            File.Delete(_folder.File("4913"));
            File.Move(_folder.File($"{name}.ulm"), _folder.File($"{name}.ulm~"));
            await PauseAsync(0.05);
            using (var file = new StreamWriter(_folder.File($"{name}.ulm")))
            {
                file.Write(Text(name, 2)[..90]);
                file.Flush();
                await PauseAsync(0.2);
                file.Write(Text(name, 2)[90..]);
            }

            File.Delete(_folder.File($"{name}.ulm~"));
        }

        await AssertTakenAsync("a2 a2 b2 b2");
    }

    /// <summary>A lock that is a link to nowhere, a copy of what is being typed, a backup of what was.</summary>
    [Fact]
    public async Task Emacs()
    {
        File.CreateSymbolicLink(_folder.File(".#a.ulm"), "somebody@somewhere.4711:1700000000");
        _folder.Write("#a.ulm#", Text("a", 2)[..60]);
        await PauseAsync(1);
        File.Copy(_folder.File("a.ulm"), _folder.File("a.ulm~"));
        _folder.Write("a.ulm", Text("a", 1) + "policy more every 1h balance\n");
        File.Delete(_folder.File(".#a.ulm"));
        await AssertTakenAsync("a1 a1 more b1 b1");
    }

    [Fact]
    public async Task Tools_that_change_files_in_place_or_copy_over_them()
    {
        Run("sed", "-i", "s/1%/2%/", _folder.File("a.ulm"), _folder.File("b.ulm"));
        await AssertTakenAsync("a2 a2 b2 b2");

        Directory.CreateDirectory(_folder.File(".new"));
        _folder.Write(".new/a.ulm", Text("a", 3));
        _folder.Write(".new/b.ulm", Text("b", 3));
        Run("cp", _folder.File(".new/a.ulm"), _folder.File(".new/b.ulm"), _folder.Path);
        await AssertTakenAsync("a2 a2 b2 b2", "a3 a3 b3 b3");
    }

    /// <summary>How Kubernetes and some deployment tools do it: a link to a hidden folder, swapped at once.</summary>
    [Fact]
    public async Task A_link_to_a_folder_is_swapped()
    {
        using var site = new TempFolder();
        foreach (var number in new[] { 1, 2 })
            foreach (var name in new[] { "a", "b" }) site.Write($"..{number}/{name}.ulm", Text(name, number));
        File.CreateSymbolicLink(site.File("..data"), "..1");
        foreach (var name in new[] { "a", "b" }) File.CreateSymbolicLink(site.File($"{name}.ulm"), $"..data/{name}.ulm");
        using var directory = new PolicyDirectory(site.Path, SiteClock.Usual, TimeProvider.System);
        Assert.Equal("a1 a1 b1 b1", Summary(directory.Load()));

        File.CreateSymbolicLink(site.File("..data_tmp"), "..2");
        Run("mv", "-T", site.File("..data_tmp"), site.File("..data"));
        Assert.Equal("a2 a2 b2 b2", Summary((await directory.ReadAsync(evenIfUnchanged: false, TestContext.Current.CancellationToken))!));
    }

    [Fact]
    public async Task A_calendar_that_changes_is_a_changed_policy()
    {
        _folder.Write("days/closed.ics", IcsReaderTests.Ics("DTSTART;VALUE=DATE:20260505"));
        _folder.Write("b.ulm", "calendar closed = file \"days/closed.ics\"\npolicy b at 20:00 daily except closed balance\n");
        _folder.Write("a.ulm", "policy a at 20:00 except closed balance\n");
        await AssertTakenAsync("a b");

        _folder.Write("days/closed.ics", IcsReaderTests.Ics("DTSTART;VALUE=DATE:20260506"));
        await AssertTakenAsync("a b", "a b");

        File.Delete(_folder.File("days/closed.ics"));
        await AssertTakenAsync("a b", "a b", "faults");
    }

    private StreamWriter Cut(string name) => new(new FileStream(_folder.File($"{name}.ulm"), FileMode.Truncate));

    private static string Text(string name, int number) =>
        $"# {new string('-', 60)}\npolicy {name} when host.cpu > {number}% then balance\n# {new string('=', 60)}\npolicy {name}-end when host.cpu > {number}% for 1h then balance\n";

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _directory.WaitAsync(_stop.Token);
                if (await _directory.ReadAsync(evenIfUnchanged: false, _stop.Token) is { } reload) _taken.Enqueue(Summary(reload));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>The rules with the number they carry: <c>a2 a2 b2 b2</c>.</summary>
    private static string Summary(PolicyReload reload) => !reload.Usable ? "faults"
        : string.Join(' ', reload.Result.Policies.Rules.Select(r => r.Fingerprint.Split("> ") is [_, var mark] ? $"{r.Name[0]}{mark[0]}" : r.Name));

    private async Task AssertTakenAsync(params string[] sets)
    {
        await Hosting.Until.TrueAsync(() => Task.FromResult(_taken.Count >= sets.Length), () => string.Join(", ", _taken));
        await PauseAsync(1);
        Assert.Equal(sets, _taken);
    }

    private static Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
