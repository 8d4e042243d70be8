using System.Diagnostics;

namespace Ulm.Server.Tests.Hosting;

/// <summary>The program in a process of its own, as systemd runs and signals it.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _out = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hangup_reads_the_policies_anew_and_a_termination_ends_it_in_order()
    {
        _folder.Write("policies/p.ulm", "policy first when host.vms >= 9 then balance\n");
        using var server = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ulm-server.dll"), "run", "--config", ServerUnderTest.Config(_folder)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = TextWriter.Synchronized(_out);
        server.OutputDataReceived += (_, line) => output.WriteLine(line.Data);
        server.ErrorDataReceived += (_, line) => output.WriteLine(line.Data);
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        try
        {
            await SeenAsync(server, async () => (await ServerUnderTest.AskAsync(_folder, "status")).Exit == 0);

            // Nothing has changed, so that it is the signal alone that has it read.
            await SignalAsync(server, "HUP");
            await SeenAsync(server, async () => Reloads(await JournalAsync()) == 1);

            _folder.Write("policies/p.ulm", "policy first when host.vms >= 9 then balance\npolicy second every 1h balance\n");
            await SignalAsync(server, "HUP");
            await SeenAsync(server, async () => (await JournalAsync()).Contains("2 rule(s) in force"));

            await SignalAsync(server, "TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await server.WaitForExitAsync(patience.Token);
            Assert.True(server.ExitCode == 0, _out.ToString());
        }
        finally
        {
            if (!server.HasExited) server.Kill();
        }
    }

    [Fact]
    public async Task A_command_that_waits_for_a_pipe_nobody_writes_to_ends_on_a_termination()
    {
        var pipe = _folder.File("p.ulm");
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var command = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ulm-server.dll"), "validate", pipe])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            // Whoever opens a pipe to read it waits there; until then the signal would find no program yet.
            await Until.TrueAsync(() => Task.FromResult(command.HasExited || WaitsForPipe(command)), () => "it does not wait");
            await SignalAsync(command, "TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await command.WaitForExitAsync(patience.Token);
            Assert.NotEqual(0, command.ExitCode);
        }
        finally
        {
            if (!command.HasExited) command.Kill();
        }
    }

    private static bool WaitsForPipe(Process process) => Directory.GetDirectories($"/proc/{process.Id}/task").Any(t => File.ReadAllText(Path.Combine(t, "wchan")) is "wait_for_partner" or "fifo_open");

    private Task SeenAsync(Process server, Func<Task<bool>> condition) => Until.TrueAsync(async () => !server.HasExited && await condition(), () => _out.ToString());

    private async Task<string> JournalAsync() => (await ServerUnderTest.AskAsync(_folder, "journal")).Out;

    private static int Reloads(string journal) => journal.Split("reloaded:").Length - 1;

    private static async Task SignalAsync(Process server, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{server.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}
