using System.CommandLine;
using System.CommandLine.Invocation;

namespace Ulm.Server.Commands;

/// <summary>
/// Runs a command beside the thread that started it. Signals are heard from the moment a command first waits, and one that reads a pipe nobody writes to
/// never would: it could not be ended but by force.
/// </summary>
internal sealed class HearingAction(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
{
    /// <summary>For a command and all below it.</summary>
    public static void GiveTo(Command command)
    {
        if (command.Action is AsynchronousCommandLineAction action) command.Action = new HearingAction(action);
        foreach (var below in command.Subcommands) GiveTo(below);
    }

    public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
        Task.Run(() => action.InvokeAsync(parseResult, cancellationToken), CancellationToken.None);
}
