using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CliWrap;
using Ulm.Lab.Tests.Lab;

namespace Ulm.Lab.Tests.Server;

/// <summary><c>ulm-server run</c> on the lab, as a process of its own: read by what it prints and by the commands that ask it.</summary>
public sealed class UlmServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentQueue<ScreenLine> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly UlmSetup _setup;
    private readonly CommandTask<CommandResult> _process;

    private UlmServer(UlmSetup setup)
    {
        _setup = setup;
        _process = Cli.Wrap(UlmCommand.Program)
            .WithArguments(["run", "--config", setup.Config, "--figures"])
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line => _lines.Enqueue(ScreenLine.Of(line))))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(_errors.Enqueue))
            .ExecuteAsync(_kill.Token);
    }

    /// <summary>What it told so far, oldest first.</summary>
    public IReadOnlyList<ScreenLine> Lines => [.. _lines];

    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts it, and waits until it has looked at the site for the first time.</summary>
    public static async Task<UlmServer> StartAsync(UlmSetup setup)
    {
        var server = new UlmServer(setup);
        await server.PollsAsync(1);
        return server;
    }

    /// <summary>Starts one that is to wait while another acts: it looks at nothing yet.</summary>
    public static UlmServer StandBy(UlmSetup setup) => new(setup);

    /// <summary>Waits until it has told a line of that label which holds the text; gives the first one.</summary>
    /// <param name="after">How many lines to pass over.</param>
    public Task<ScreenLine> TellsAsync(string label, string text = "", int after = 0, TimeSpan? patience = null) =>
        Poll.ForAsync($"the server tells \"{label}\" with \"{text}\"; it told:\n{string.Join('\n', Lines.TakeLast(25))}\n{Errors}", () =>
        {
            AssertRuns();
            return Task.FromResult(_lines.Skip(after).FirstOrDefault(l => l.Label == label && l.Text.Contains(text, StringComparison.Ordinal)));
        }, patience);

    /// <summary>Lets so many more polls go by.</summary>
    public async Task PollsAsync(int polls)
    {
        var before = Count("cpu");
        await Poll.UntilAsync($"{polls} more poll(s)", () =>
        {
            AssertRuns();
            return Task.FromResult(Count("cpu") >= before + polls);
        });
    }

    public int Count(string label, string text = "") => _lines.Count(l => l.Label == label && l.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>The whole journal, by the command.</summary>
    public async Task<IReadOnlyList<EntrySeen>> JournalAsync()
    {
        var journal = await AskAsync<JournalSeen>("journal", "--count", "10000");
        Assert.Equal("ulm.journal/1", journal.Schema);
        return journal.Entries;
    }

    public async Task<IReadOnlyList<EntrySeen>> JournalAsync(string kind) => [.. (await JournalAsync()).Where(e => e.Kind == kind)];

    public async Task<StatusSeen> StatusAsync()
    {
        var status = await AskAsync<StatusSeen>("status");
        Assert.Equal("ulm.status/1", status.Schema);
        return status;
    }

    private async Task<T> AskAsync<T>(params string[] command)
    {
        var answer = await UlmCommand.RunAsync([.. command, "--socket", _setup.Socket, "--format", "json"]);
        Assert.True(answer.ExitCode == 0, answer.Error);
        return JsonSerializer.Deserialize<T>(answer.Output, Json)!;
    }

    /// <summary>Ends it as an administrator does. It must end by itself, cleanly, and must not have told a stack trace.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await Poll.UntilAsync("the server ends", () => Task.FromResult(_process.Task.IsCompleted));
        Assert.True((await _process).ExitCode == 0, Errors);
        UlmCommand.AssertNoStackTrace(Errors);
    }

    /// <summary>Ends it as a power cut does: it has no say in it.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _process;
    }

    public async ValueTask DisposeAsync()
    {
        await _kill.CancelAsync();
        try
        {
            await _process;
        }
        catch (OperationCanceledException)
        {
        }

        _kill.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join('\n', Lines)}\n{Errors}");   // for whoever wonders why a test failed
    }

    private async Task SignalAsync(string signal) =>
        await Cli.Wrap("kill").WithArguments(["-s", signal, _process.ProcessId.ToString(CultureInfo.InvariantCulture)]).ExecuteAsync();

    private void AssertRuns() => Assert.False(_process.Task.IsCompleted, $"The server ended: {Errors}");
}
