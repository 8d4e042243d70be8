using System.CommandLine;
using System.CommandLine.Invocation;
using Ulm.Server.Commands.Manual;

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
        try
        {
            var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            var parsed = root.Parse(args);
            if (parsed.Action is ParseErrorAction) throw new CommandFailedException(Mistakes(parsed));
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

    /// <summary>Only what is wrong: the help that comes by default would go to where the results go, before a program that reads them.</summary>
    private static string Mistakes(ParseResult parsed)
    {
        var names = parsed.CommandResult.Command is RootCommand ? "ulm-server" : $"ulm-server {parsed.CommandResult.Command.Name}";
        return $"{string.Join("\nulm-server: ", parsed.Errors.Select(e => e.Message))}\n`{names} --help` shows what there is";
    }
}
