using System.CommandLine;
using Ulm.Server.LanguageServer;

namespace Ulm.Server.Commands;

/// <summary><c>lsp</c>: the language server that editors start, over standard input and output.</summary>
public static class LspCommand
{
    public static Command Create(Terminal terminal)
    {
        var site = new Option<string>("--site") { Description = "Site snapshot whose names are offered and checked", HelpName = "FILE" };
        var socket = new Option<string>("--socket") { Description = "Ask the running server at this Unix socket for names and live values", HelpName = "PATH" };
        var command = new Command("lsp", "Serve editors: diagnostics, completion, hover, definitions, renaming, formatting and quick fixes, over standard input and output (Language Server Protocol 3.17).")
        {
            site, socket,
        };
        command.SetAction(async (result, ct) =>
        {
            var server = new LspServer(new PolicyWorkspace(), new SiteKnowledge(result.GetValue(site), result.GetValue(socket), TimeProvider.System));
            var inOrder = await server.RunAsync(terminal.In(), terminal.RawOut(), ct);
            return inOrder ? ExitCode.Clean : ExitCode.CouldNotRun;
        });
        return command;
    }
}
