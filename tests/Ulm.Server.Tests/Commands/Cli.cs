using System.Text.Json;
using System.Text.RegularExpressions;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

/// <summary>Runs whole commands in a folder of their own. What they print is given back with that folder and all wall times taken out.</summary>
internal sealed partial class Cli : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ulm-cli-").FullName;

    /// <summary>A sample file of this project.</summary>
    public static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>An ulm.toml with one host, and whatever else is to stand in it.</summary>
    public string WriteConfig(string more = "", string host = "h1") => Write("ulm.toml", $"""
        [store]
        path = "ulm.db"
        [[host]]
        name = "{host}"
        libvirt = "test:///default"
        munin = "h1:4949"
        {more}
        """);

    /// <summary>The same with a hook <c>page-operator</c> and a channel <c>chat</c>.</summary>
    public string WriteConfigWithHookAndChannel() => WriteConfig("""
        [[hook]]
        name = "page-operator"
        command = ["/bin/true"]
        [[channel]]
        name = "chat"
        command = ["/bin/true"]
        """);

    public string In(string name) => Path.Combine(_folder, name);

    /// <summary>What a command finds on its standard input.</summary>
    public byte[] Input { get; set; } = [];

    public async Task<CliResult> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(args, new Terminal(output, error, Colour: false) { In = () => new MemoryStream(Input) });
        return new CliResult(exit, Clean(output.ToString()), Clean(error.ToString()));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Clean(string text) => WallTime().Replace(
        text.Replace(_folder + "/", "").Replace(Path.Combine(AppContext.BaseDirectory, "Data") + "/", "").Replace("\r\n", "\n"), "in - s");

    [GeneratedRegex(@"in [0-9.]+ s\b")]
    private static partial Regex WallTime();
}

internal sealed record CliResult(int Exit, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}
