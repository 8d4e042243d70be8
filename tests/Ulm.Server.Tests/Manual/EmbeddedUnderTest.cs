using System.Text.Json;
using Ulm.Server.Commands;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

/// <summary><c>ulm-server run --socket</c> within this process: the simulated site of 12 hosts and 80 VMs, ten of its minutes a second, reached as commands reach a real one.</summary>
internal sealed class EmbeddedUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TempFolder _folder = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly Task<int> _exit;

    private EmbeddedUnderTest(string? policies, double speed, string? faults)
    {
        string[] own = policies is null ? [] : ["--policies", Write(policies)];
        if (faults is not null) own = [.. own, "--faults", _folder.Write("faults.json", $$"""{ "schema": "ulm.faults/1", "faults": [ {{faults}} ] }""")];
        _exit = Task.Run(() => CommandLine.RunAsync(
            ["run", "--socket", _folder.File("ulm.sock"), "--speed", $"{speed}", .. own], new Terminal(TextWriter.Synchronized(_out), TextWriter.Synchronized(_error), false), _stop.Token));
    }

    public string Socket => _folder.File("ulm.sock");

    /// <summary>Up, and past the first polling interval, before which nothing is done.</summary>
    /// <param name="faults">What goes wrong, as the list in a file of faults has it.</param>
    public static async Task<EmbeddedUnderTest> StartAsync(string? policies = "always keep 2 hosts on\n", double speed = 600, string? faults = null)
    {
        var server = new EmbeddedUnderTest(policies, speed, faults);
        await Until.TrueAsync(
            async () => server._exit.IsCompleted || (await server.RunAsync("release", "host01", "--dry-run")).Exit == ExitCode.Clean, () => $"{server._out}\n{server._error}");
        Assert.False(server._exit.IsCompleted, server._error.ToString());
        return server;
    }

    /// <summary>The policies that it was started with, from now on.</summary>
    public string Write(string policies) => _folder.Write("p.ulm", policies);

    public async Task<(int Exit, string Out, string Error)> RunAsync(params string[] command)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync([.. command, "--socket", _folder.File("ulm.sock")], new Terminal(output, error, false), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    public async Task<JsonElement> JsonAsync(params string[] command)
    {
        var (exit, output, error) = await RunAsync([.. command, "--format", "json"]);
        return exit is ExitCode.Clean or ExitCode.No ? JsonDocument.Parse(output).RootElement : throw new InvalidOperationException(error);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _exit;
        _stop.Dispose();
        _folder.Dispose();
    }
}
