using System.CommandLine;

namespace Ulm.Server.Commands;

/// <summary>Options of the commands that work on files.</summary>
internal static class FileOptions
{
    public static Argument<string[]> Paths() => new("PATH") { Description = "Policy files, or directories with *.ulm files", Arity = ArgumentArity.OneOrMore };

    public static Option<string[]> Policies(bool required) => new("--policies")
    {
        Description = "Policy files, or directories with *.ulm files",
        HelpName = "PATH",
        Required = required,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string> Site(bool required) => new("--site") { Description = "Site snapshot, ulm.site/1", HelpName = "SITE", Required = required };

    public static Option<string> Zone() => new("--timezone")
    {
        Description = "Time zone of schedules and of what is printed, where the policies name none; otherwise UTC",
        HelpName = "ZONE",
    };

    public static Option<string> Time(string name, string description) => new(name) { Description = description, HelpName = "TIME" };

    public static Option<string> Duration(string name, string description) => new(name) { Description = description, HelpName = "DURATION" };
}
