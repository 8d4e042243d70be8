using System.CommandLine;
using System.Globalization;
using Ulm.Dsl;
using Ulm.Server.Configuration;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary>Options of the commands that work on files.</summary>
internal static class FileOptions
{
    public static Argument<string[]> Paths() => new("PATH") { Description = "Policy files, or directories with *.ulm files", Arity = ArgumentArity.OneOrMore };

    /// <summary>A path that stands for the standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The standard input, where the paths ask for it and for nothing else; null: they don't.</summary>
    /// <exception cref="CommandFailedException">They ask for more, or it can't be read.</exception>
    public static SourceText? StreamOf(string[] paths, Terminal terminal)
    {
        if (!paths.Contains(StandardInput)) return null;
        if (paths.Length > 1) throw new CommandFailedException("`-` reads the standard input and stands alone: leave the other paths out");
        return PolicyFiles.ReadStream("standard input", terminal.In());
    }

    public static Option<string[]> Policies(bool required) => new("--policies")
    {
        Description = "Policy files, or directories with *.ulm files",
        HelpName = "PATH",
        Required = required,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string> Site(bool required) => new("--site") { Description = "Site snapshot, ulm.site/1", HelpName = "SITE", Required = required };

    /// <param name="counts">What of the file the command heeds.</param>
    public static Option<string> Config(string counts) => new("--config") { Description = $"ulm.toml of the server that is to run the policies: {counts} count", HelpName = "FILE" };

    /// <summary>The server that is to run the policies, and the clock they are compiled for: its own, in another zone where one is named.</summary>
    /// <param name="config">Of <see cref="Config"/>; null: none is named.</param>
    /// <exception cref="CommandFailedException">The configuration has faults, or there is no such zone.</exception>
    public static (ServerConfig? Server, SiteClock Clock) Server(string? config, string? zone)
    {
        var server = config is null ? null : ConfigReader.Read(config);
        var clock = server?.Clock ?? SiteClock.Usual;
        return (server, zone is null ? clock : clock with { Zone = TimeText.Zone(zone) });
    }

    /// <summary>The policies named, or those of the configuration.</summary>
    public static string[] PathsOf(string[]? named, ServerConfig? server) =>
        named is { Length: > 0 } ? named : server is not null ? [server.PolicyDirectory] : throw new CommandFailedException("name policy files or a directory of them, or a server's configuration with --config");

    public static Option<string> Zone() => new("--timezone")
    {
        Description = "Time zone of schedules and of what is printed, where the policies name none; otherwise UTC",
        HelpName = "ZONE",
    };

    /// <summary>Said where a time or a zone goes with a question that only the present answers.</summary>
    public static string OfNow(string command) => $"--at and --timezone are for {command} on files; the running server answers as of now, in the zone of its policies";

    public static Option<string> Time(string name, string description) => new(name) { Description = description, HelpName = "TIME" };

    public static Option<string> Duration(string name, string description) => new(name) { Description = description, HelpName = "DURATION" };

    /// <summary>A whole number; the library's own message for what is none names a type of the program.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            result.AddError($"{name}: `{text}` is not a whole number from {least} to {most}");
            return null;
        },
    };
}
