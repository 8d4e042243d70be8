using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ulm.Server.Commands;

public enum OutputFormat
{
    Text,
    Json,
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

    public static Option<OutputFormat> Format() => new("--format")
    {
        Description = "text or json",
        HelpName = "text|json",
        DefaultValueFactory = _ => OutputFormat.Text,
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "text": return OutputFormat.Text;
                case "json": return OutputFormat.Json;
                default:
                    result.AddError($"--format: `{result.Tokens[0].Value}` is neither text nor json");
                    return OutputFormat.Text;
            }
        },
    };

    public static Option<string> Socket() => new("--socket")
    {
        Description = "Unix socket of the running server",
        DefaultValueFactory = _ => Configuration.ServerConfig.DefaultSocket,
    };
}
