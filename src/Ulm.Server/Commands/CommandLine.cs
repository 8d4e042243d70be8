using System.CommandLine;
using Ulm.Server.Commands.Manual;

namespace Ulm.Server.Commands;

/// <summary>The whole command line: one class a command, each of which adds itself here.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken ct = default)
    {
        var root = Create(terminal);
        try
        {
            var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            var parsed = root.Parse(args);
            if (Mistakes.In(parsed) is { } mistakes) throw new CommandFailedException(mistakes);
            return await parsed.InvokeAsync(configuration, ct);
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

    internal static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Keeps a site of virtualisation hosts in the state its policies describe.")
        {
            RunCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            FmtCommand.Create(terminal),
            TestCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            PlanCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            ImportCommand.Create(terminal),
            ScheduleCommand.Create(terminal),
            ReloadCommand.Create(terminal),
            StatusCommand.Create(terminal),
            JournalCommand.Create(terminal),
            HostsCommand.Create(terminal),
            VmsCommand.Create(terminal),
            MigrateCommand.Create(terminal),
            HoldCommand.Create(terminal),
            ApprovalCommands.CreateApprove(terminal),
            ApprovalCommands.CreateReject(terminal),
            SiteCommand.Create(terminal),
            LspCommand.Create(terminal),
            VersionCommand.Create(terminal),
        };
        foreach (var command in HostCommands.CreateAll(terminal)) root.Add(command);
        root.Add(CompletionCommand.Create(terminal, root));
        HearingAction.GiveTo(root);
        return root;
    }
}
