using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;

namespace Ulm.Server.Completion;

/// <summary>The command line as a shell has to know it, taken from the commands themselves.</summary>
/// <param name="Path">Names from the first command on; empty for the program itself.</param>
/// <param name="Description">One sentence.</param>
internal sealed record CompletedCommand(
    ImmutableArray<string> Path, string Description, ImmutableArray<CompletedCommand> Commands, ImmutableArray<CompletedOption> Options, CompletedValue Argument)
{
    public string Name => Path.IsEmpty ? "" : Path[^1];

    /// <summary>Of a function for it in a script: <c>ulm_server_site_export</c>.</summary>
    public string FunctionName => string.Join('_', Path.Prepend("ulm_server")).Replace('-', '_');

    public IEnumerable<CompletedCommand> WithAllBelow() => Commands.SelectMany(c => c.WithAllBelow()).Prepend(this);

    public static CompletedCommand Of(Command command) => Of(command, []);

    private static CompletedCommand Of(Command command, ImmutableArray<string> path) => new(
        path,
        command.Description ?? "",
        [.. command.Subcommands.Where(c => !c.Hidden).Select(c => Of(c, path.Add(c.Name)))],
        [.. command.Options.Where(o => !o.Hidden).Select(CompletedOption.Of)],
        ArgumentOf([.. command.Arguments.Where(a => !a.Hidden)]));

    /// <summary>Of the first; but where hosts and VMs are named, of all: a shell is not told how many words stand before it.</summary>
    private static CompletedValue ArgumentOf(ImmutableArray<Argument> arguments)
    {
        if (arguments.IsEmpty) return CompletedValue.None;
        var sites = arguments.SelectMany(a => CompletedValue.SiteNames.GetValueOrDefault(a.Name, [])).Distinct().ToImmutableArray();
        return sites.IsEmpty ? CompletedValue.Of(arguments[0].Name, arguments[0].GetCompletions(CompletionContext.Empty)) : new CompletedValue(CompletedKind.SiteName, arguments[0].Name, sites);
    }
}

/// <param name="Names">Long ones first.</param>
/// <param name="Value">What stands behind it; none for a switch.</param>
internal sealed record CompletedOption(ImmutableArray<string> Names, string Description, CompletedValue Value)
{
    /// <summary>Names from other systems, such as <c>/h</c> and <c>-?</c>, are taken but not offered: a shell would read them otherwise.</summary>
    private static bool IsTyped(string name) => name.StartsWith('-') && !name.Contains('?');

    public static CompletedOption Of(Option option) => new(
        [.. option.Aliases.Prepend(option.Name).Where(IsTyped).Distinct(StringComparer.Ordinal).OrderByDescending(n => n.Length)],
        option.Description ?? "",
        option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? CompletedValue.None : CompletedValue.Of(option.HelpName ?? option.Name, option.GetCompletions(CompletionContext.Empty)));
}

/// <param name="Kind">What a shell can offer for it.</param>
/// <param name="Name">As the help shows it: <c>PATH</c>.</param>
/// <param name="Words">All there are, of <see cref="CompletedKind.Word"/>.</param>
internal sealed record CompletedValue(CompletedKind Kind, string Name, ImmutableArray<string> Words)
{
    public static readonly CompletedValue None = new(CompletedKind.Nothing, "", []);

    private static readonly string[] Files = ["PATH", "SITE", "TRACE", "FILE", "TOML", "DIR", "CONFIG"];

    /// <summary>Arguments that name something of the running server's site, with the commands that list it.</summary>
    public static readonly Dictionary<string, ImmutableArray<string>> SiteNames = new(StringComparer.Ordinal)
    {
        ["HOST"] = ["hosts"],
        ["VM"] = ["vms"],
        ["SUBJECT"] = ["hosts", "vms"],
    };

    public static CompletedValue Of(string name, IEnumerable<CompletionItem> completions)
    {
        var words = completions.Select(c => c.Label).Where(l => !l.StartsWith('-')).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (SiteNames.TryGetValue(name, out var lists)) return new CompletedValue(CompletedKind.SiteName, name, lists);
        return words.IsEmpty
            ? new CompletedValue(Files.Contains(name) || name is "--config" or "--socket" ? CompletedKind.File : CompletedKind.Free, name.TrimStart('-').ToUpperInvariant(), [])
            : new CompletedValue(CompletedKind.Word, name.TrimStart('-').ToUpperInvariant(), words);
    }
}

internal enum CompletedKind
{
    /// <summary>Nothing stands there.</summary>
    Nothing,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>A host or VM of the running server; where none answers, nothing is offered. The words are the commands that list them.</summary>
    SiteName,

    /// <summary>A file or folder.</summary>
    File,

    /// <summary>Something that no list has, such as a duration.</summary>
    Free,
}
