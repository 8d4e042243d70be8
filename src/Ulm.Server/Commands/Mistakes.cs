using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Ulm.Dsl.Text;

namespace Ulm.Server.Commands;

/// <summary>What is wrong with a command line, and only that: the help that comes by default would go to where the results go, before a program that reads them.</summary>
internal static class Mistakes
{
    /// <summary>Null: nothing.</summary>
    public static string? In(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.Concat(OptionsTakenForArguments(parsed)).FirstOrDefault();
        if (unknown is null && parsed.Action is not ParseErrorAction) return null;
        var command = parsed.CommandResult.Command;
        // What comes behind a word that is not known, or is missed because of it, is not worth a line of its own.
        var wrong = unknown is not null ? Unknown(unknown, command) : string.Join("\nulm-server: ", parsed.Errors.Select(e => e.Message));
        return $"{wrong}\n`{(command is RootCommand ? "ulm-server" : $"ulm-server {PathOf(parsed.CommandResult)}")} --help` shows what there is";
    }

    // The library takes an option that it does not know for a file, where files can stand.
    private static IEnumerable<string> OptionsTakenForArguments(ParseResult parsed) => parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
        ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Where(v => v.Length > 1 && v[0] == '-' && !char.IsAsciiDigit(v[1]));

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        // `--format=json`
        var name = isOption ? word.Split('=', ':')[0] : word;
        var known = isOption ? command.Options.SelectMany(o => o.Aliases.Append(o.Name)) : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var nearest = NearestWord.Find(name, known);
        return $"there is no {what} `{name}`{(nearest is null ? "" : $"; did you mean `{nearest}`?")}";
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult { Command: not RootCommand } parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;
}
