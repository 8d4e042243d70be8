using System.Text.Json;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Hosting;

/// <summary>
/// <c>ulm-server run --config</c> within this process, on libvirt's own in-process driver (<c>test:///default</c>: one host, one running
/// guest named test) with no munin-node: all of the server but for what only the lab can give.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    private ServerUnderTest(string config) =>
        Exit = Task.Run(() => CommandLine.RunAsync(["run", "--config", config], new Terminal(TextWriter.Synchronized(_out), TextWriter.Synchronized(_error), false), _stop.Token));

    public Task<int> Exit { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>The head of each configuration: where things are in the test's folder, and a look a second.</summary>
    public const string Sections = """
        [policies]
        directory = "policies"
        [polling]
        interval = "1s"
        [store]
        path = "ulm.db"
        [server]
        socket = "ulm.sock"
        """;

    /// <summary>A host of libvirt's test driver that runs nothing.</summary>
    public const string EmptyNode =
        "<node><cpu><mhz>2400</mhz><model>x86_64</model><active>8</active><nodes>1</nodes><sockets>2</sockets><cores>2</cores><threads>2</threads></cpu><memory>4194304</memory></node>";

    public static string Config(TempFolder folder, string more = "") => folder.Write(
        "ulm.toml",
        $"""
         {Sections}
         {more}
         [[host]]
         name = "h1"
         libvirt = "test:///default"
         munin = "127.0.0.1:1"
         """);

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<ServerUnderTest> StartAsync(TempFolder folder, string more = "")
    {
        var server = new ServerUnderTest(Config(folder, more));
        await Until.TrueAsync(async () => server.Exit.IsCompleted || (await AskAsync(folder, "status")).Exit == 0, () => $"{server.Out}\n{server.Error}");
        Assert.False(server.Exit.IsCompleted, server.Error);
        return server;
    }

    /// <summary>Starts a server and waits for nothing.</summary>
    public static ServerUnderTest Begin(string config) => new(config);

    public static Task<(int Exit, string Out, string Error)> AskAsync(TempFolder folder, params string[] command) => AskAsync(folder, "ulm.sock", command);

    public static async Task<(int Exit, string Out, string Error)> AskAsync(TempFolder folder, string socket, string[] command)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync([.. command, "--socket", folder.File(socket)], new Terminal(output, error, false));
        return (exit, output.ToString(), error.ToString());
    }

    public static async Task<JsonElement> AskJsonAsync(TempFolder folder, params string[] command)
    {
        var answer = await AskAsync(folder, [.. command, "--format", "json"]);
        return answer.Exit == 0 || answer.Exit == 2 ? JsonDocument.Parse(answer.Out).RootElement : throw new InvalidOperationException(answer.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Exit;
        _stop.Dispose();
    }
}

internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, otherwise());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
