using System.CommandLine;
using System.Reflection;
using System.Text.Json;

namespace Ulm.Server.Commands;

public static class VersionCommand
{
    public static string Version => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "unknown";

    public static Command Create(Terminal terminal)
    {
        var format = CommonOptions.Format();
        var command = new Command("version", "Print the version.") { format };
        command.SetAction(result => terminal.Out.WriteLine(
            result.GetValue(format) == OutputFormat.Json
                ? JsonSerializer.Serialize(new { schema = "ulm.version/1", version = Version }, CommonOptions.Json)
                : $"ulm-server {Version}"));
        return command;
    }
}
