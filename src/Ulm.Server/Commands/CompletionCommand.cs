using System.CommandLine;
using Ulm.Server.Completion;

namespace Ulm.Server.Commands;

/// <summary><c>completion SHELL</c>: a script by which a shell completes this command line.</summary>
public static class CompletionCommand
{
    private static readonly Dictionary<string, Func<CompletedCommand, string>> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = BashCompletion.Write,
        ["zsh"] = ZshCompletion.Write,
        ["fish"] = FishCompletion.Write,
    };

    /// <param name="root">The whole command line, once all commands are in it.</param>
    public static Command Create(Terminal terminal, RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = Words.List([.. Shells.Keys], "or") };
        shell.CompletionSources.Add([.. Shells.Keys]);
        var command = new Command("completion", "Write a script that lets a shell complete this command line; its first lines say where to keep it.") { shell };
        command.SetAction(result =>
        {
            var name = result.GetValue(shell)!;
            var write = Shells.GetValueOrDefault(name) ?? throw new CommandFailedException($"`{name}` is none of {Words.List([.. Shells.Keys], "and")}");
            terminal.Out.Write(write(CompletedCommand.Of(root)));
            return ExitCode.Clean;
        });
        return command;
    }
}
