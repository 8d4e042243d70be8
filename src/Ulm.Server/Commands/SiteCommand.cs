using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Api;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary><c>site export</c>: the running server's site as a snapshot file, to plan, simulate and validate against.</summary>
public static class SiteCommand
{
    public static Command Create(Terminal terminal)
    {
        var socket = CommonOptions.Socket();
        var output = new Option<string>("--out") { Description = "Write to this file instead of standard output", HelpName = "FILE" };
        var export = new Command("export", $"Write the site as the running server sees it, as a snapshot ({SiteSnapshot.Schema}).") { socket, output };
        export.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var snapshot = await server.GetTextAsync($"{Endpoints.Site}?seen=true", ct);
            if (result.GetValue(output) is { } path) Write(path, snapshot);
            else await terminal.Out.WriteAsync(snapshot);
            using var document = JsonDocument.Parse(snapshot);
            if (document.RootElement.TryGetProperty(SiteSnapshot.NotSeen, out var unseen))
                await terminal.Error.WriteLineAsync($"ulm-server: left out, as they have not answered yet and their size is not known: {Words.List([.. unseen.EnumerateArray().Select(h => h.GetString()!)], "and")}");
            return ExitCode.Clean;
        });
        return new Command("site", "The site as the running server sees it.") { export };
    }

    private static void Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} can't be written: {e.Message}");
        }
    }
}
