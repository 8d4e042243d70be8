using System.Text;

namespace Ulm.Server.Completion;

/// <summary>Completion for fish 3, with descriptions.</summary>
internal static class FishCompletion
{
    public static string Write(CompletedCommand program)
    {
        var script = new StringBuilder("""
            # Completion of ulm-server for fish. Keep it as ~/.config/fish/completions/ulm-server.fish, or load it: ulm-server completion fish | source
            function __ulm_server_at --description 'true where the commands given so far are exactly these'
                set -l given
                for word in (commandline -opc)[2..]
                    contains -- "$given $word" $__ulm_server_paths; and set given "$given $word"
                end
                test "$given" = "$argv[1]"
            end

            """);
        script.Append($"set -g __ulm_server_paths {string.Join(' ', program.WithAllBelow().Where(c => !c.Path.IsEmpty).Select(c => Quoted(Path(c))))}\n");
        foreach (var command in program.WithAllBelow())
        {
            var at = $"complete -c ulm-server -n {Quoted($"__ulm_server_at {Quoted(Path(command))}")}";
            foreach (var below in command.Commands) script.Append($"{at} -f -a {below.Name} -d {Quoted(below.Description)}\n");
            script.Append($"{at} {(command.Argument.Kind == CompletedKind.File ? "-F" : "-f")}{Argument(command.Argument)}\n");
            foreach (var option in command.Options) script.Append($"{at} {Names(option)}{Value(option.Value)} -d {Quoted(option.Description)}\n");
        }

        return script.ToString();
    }

    private static string Names(CompletedOption option) => string.Join(' ', option.Names.Select(n =>
        n.StartsWith("--", StringComparison.Ordinal) ? $"-l {n[2..]}" : n.Length == 2 ? $"-s {n[1..]}" : $"-o {n[1..]}"));

    private static string Argument(CompletedValue value) => value.Kind switch
    {
        CompletedKind.Word => $" -a {Quoted(string.Join(' ', value.Words))}",
        CompletedKind.SiteName => $" -a {Quoted(Listed(value))}",
        _ => "",
    };

    private static string Listed(CompletedValue value) => string.Join(' ', value.Words.Select(w => $"(ulm-server {w} --names 2>/dev/null)"));

    private static string Value(CompletedValue value) => value.Kind switch
    {
        CompletedKind.Nothing => "",
        CompletedKind.Word => $" -x -a {Quoted(string.Join(' ', value.Words))}",
        CompletedKind.SiteName => $" -x -a {Quoted(Listed(value))}",
        CompletedKind.File => " -r -F",
        _ => " -x",
    };

    private static string Path(CompletedCommand command) => string.Concat(command.Path.Select(p => $" {p}"));

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
