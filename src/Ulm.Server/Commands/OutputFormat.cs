using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ulm.Server.Commands;

public enum OutputFormat
{
    Text,
    Json,

    /// <summary>SARIF 2.1.0, of <c>validate</c> only.</summary>
    Sarif,

    /// <summary>JUnit's XML, of <c>test</c> only.</summary>
    Junit,
}

/// <summary>The options every command shares, and how JSON is written.</summary>
public static class CommonOptions
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Option<OutputFormat> Format() => Format("text", "json");

    /// <param name="names">Lower-case names of the formats that the command can write; text among them.</param>
    public static Option<OutputFormat> Format(params string[] names)
    {
        var format = new Option<OutputFormat>("--format")
        {
            Description = Words.List(names, "or"),
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => OutputFormat.Text,
            CustomParser = result =>
            {
                var name = result.Tokens[0].Value;
                if (names.Contains(name)) return Enum.Parse<OutputFormat>(name, ignoreCase: true);
                result.AddError($"--format: `{name}` is {(names.Length == 2 ? $"neither {names[0]} nor {names[1]}" : $"none of {Words.List(names, "and")}")}");
                return OutputFormat.Text;
            },
        };
        format.CompletionSources.Clear();
        format.CompletionSources.Add(names);
        return format;
    }

    public static Option<string> Store() => new("--store") { Description = "Read the journal of this store file, such as /var/lib/ulm/ulm.db, instead of asking a server", HelpName = "FILE" };

    public static Option<string> Socket() => new("--socket")
    {
        Description = "Unix socket of the running server; $ULM_SOCKET, if it is not given",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ULM_SOCKET") is { Length: > 0 } socket ? socket : Configuration.ServerConfig.DefaultSocket,
    };
}
