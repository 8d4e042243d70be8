using System.CommandLine;

namespace Ulm.Server.Commands;

/// <summary>The whole command line: one class a command, each of which adds itself here.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken ct = default)
    {
        var root = new RootCommand("Keeps a site of virtualisation hosts in the state its policies describe.")
        {
            RunCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            PlanCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            ScheduleCommand.Create(terminal),
            StatusCommand.Create(terminal),
            JournalCommand.Create(terminal),
            VersionCommand.Create(terminal),
        };
        try
        {
            var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            return await root.Parse(args).InvokeAsync(configuration, ct);
        }
        catch (CommandFailedException e)
        {
            await terminal.Error.WriteLineAsync($"ulm-server: {e.Message}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.CouldNotRun;
        }
    }
}
