using System.Diagnostics;

namespace Ulm.Server.Tests.Hosting;

/// <summary><c>ulm-server run --config</c> as a process of its own, that can be killed as the kernel kills.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringWriter _said = new();

    private ServerProcess(Process process)
    {
        _process = process;
        var said = TextWriter.Synchronized(_said);
        process.OutputDataReceived += (_, line) => said.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => said.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it wrote to its output.</summary>
    public string Said => _said.ToString();

    /// <param name="path">Goes before the search path for programs.</param>
    public static ServerProcess Start(string config, string? path = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ulm-server.dll"), "run", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null) start.Environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
        return new ServerProcess(Process.Start(start)!);
    }

    public Task UntilAsync(Func<Task<bool>> condition) => Until.TrueAsync(
        async () =>
        {
            Assert.False(_process.HasExited, Said);
            return await condition();
        },
        () => Said);

    /// <summary>As by <c>kill -9</c>: nothing more is written, closed or given back.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
