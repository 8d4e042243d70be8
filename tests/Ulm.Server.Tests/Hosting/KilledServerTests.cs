using Ulm.Engine.Journal;
using Ulm.Server.Store;

namespace Ulm.Server.Tests.Hosting;

/// <summary>
/// The real program on a real store, killed by <c>kill -9</c> at points that its own journal and the programs it runs show, and started again. The
/// simulation walks through all points; here it is the process, the file system and SQLite that go.
/// </summary>
public sealed class KilledServerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_lost_doubled_or_left_open_wherever_it_is_killed()
    {
        var config = Config();

        // 1. In the middle of a hook, which is begun and never ends.
        await RunAndKillAsync(config, () => HasRunAsync("hook"));
        // 2. With a host held by somebody, and the power of another being switched: the shutdown is ordered, and nobody is there to see what becomes of it.
        await RunAndKillAsync(
            config,
            IsActingAsync,
            () => AskAsync("hold", "host/h2", "--for", "2h", "--because", "kept over the kill"),
            () => AskAsync("power", "off", "h1", "--no-wait"),
            () => HasRunAsync("shutdown"));
        // 3. As soon as it acts again, with what was open just closed.
        await RunAndKillAsync(config, IsActingAsync);
        // 4. At some entry of its journal.
        var before = (await JournalAsync()).Count;
        await RunAndKillAsync(config, async () => (await JournalAsync()).Count > before + 4);

        await using var last = ServerProcess.Start(config);
        await last.UntilAsync(IsActingAsync);
        var status = await ServerUnderTest.AskJsonAsync(_folder, "status");
        await last.KillAsync();
        var journal = await JournalAsync();

        // Not lost: the hold that was set before the second kill holds.
        Assert.Contains("kept over the kill", status.ToString());
        // Not doubled: nothing was done that the journal does not have as begun, and no step ended twice.
        Assert.True(Ran("hook").Count <= journal.Count(e => e is { Kind: JournalKind.Begun, Rule: "tick" }));
        Assert.True(Ran("shutdown").Count <= journal.Count(e => e.Kind == JournalKind.Begun && e.Text.StartsWith("power off host h1 ", StringComparison.Ordinal)));
        Assert.Equal(journal.Select(e => e.Sequence), Enumerable.Range(1, journal.Count).Select(i => (long)i));
        Assert.All(journal.Where(e => e is { Kind: JournalKind.Ended, Step: not null }).GroupBy(e => e.Step), ends => Assert.Single(ends));
        // Not left open: what was under way is closed, and the journal says what was found.
        Assert.Contains(journal, e => e is { Rule: "tick", Outcome: "abandoned" } && e.Text.StartsWith("left unfinished by the last run: run hook slow", StringComparison.Ordinal));
        Assert.Contains(journal, e => e.Outcome == "abandoned" && e.Text.StartsWith("left unfinished by the last run: power off host h1 ", StringComparison.Ordinal) && e.Text.Contains("; now host h1 is ", StringComparison.Ordinal));
        Assert.Equal(4, journal.Count(e => e.Kind == JournalKind.Server && e.Text.StartsWith("started: ", StringComparison.Ordinal)) - 1);
    }

    private async Task RunAndKillAsync(string config, params Func<Task<bool>>[] until)
    {
        await using var server = ServerProcess.Start(config);
        foreach (var condition in until) await server.UntilAsync(condition);
        await server.KillAsync();
    }

    /// <summary>Up, past the first polling interval, and nothing of an earlier run is open.</summary>
    private Task<bool> IsActingAsync() => AskAsync("release", "h2", "--dry-run");

    private async Task<bool> AskAsync(params string[] command) => (await ServerUnderTest.AskAsync(_folder, command)).Exit == 0;

    private Task<bool> HasRunAsync(string what) => Task.FromResult(Ran(what).Count > 0);

    private async Task<IReadOnlyList<JournalEntry>> JournalAsync()
    {
        using var store = SqliteStateStore.OpenReadOnly(_folder.File("ulm.db"));
        return await store.ReadAsync(0, 10_000, default);
    }

    private IReadOnlyList<string> Ran(string what) => File.Exists(_folder.File("ran")) ? [.. File.ReadAllLines(_folder.File("ran")).Where(l => l == what)] : [];

    /// <summary>Two hosts of libvirt's test driver: h1 runs nothing and is switched by a program, h2 runs a guest. A hook is run every five seconds, and takes longer.</summary>
    private string Config()
    {
        _folder.Write("policies/p.ulm", "policy tick every 5s run hook slow\n");
        _folder.Write("h1.xml", ServerUnderTest.EmptyNode);
        var hook = Script("slow", "echo hook >> RAN; exec sleep 20");
        var power = Script("switch", "case $(cat) in *status*) exit 0 ;; *shutdown*) echo shutdown >> RAN; exec sleep 20 ;; esac");
        return _folder.Write(
            "ulm.toml",
            $"""
             {ServerUnderTest.Sections}
             [limits]
             idle-time = "1s"
             [[hook]]
             name = "slow"
             command = ["{hook}"]
             [[host]]
             name = "h1"
             libvirt = "test://{_folder.File("h1.xml")}"
             munin = "127.0.0.1:1"
             [host.power]
             driver = "hook"
             command = ["{power}"]
             [[host]]
             name = "h2"
             libvirt = "test:///default"
             munin = "127.0.0.1:1"
             """);
    }

    private string Script(string name, string text)
    {
        var file = _folder.Write(name, "#!/bin/sh\n" + text.Replace("RAN", $"'{_folder.File("ran")}'", StringComparison.Ordinal) + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
