using System.Text;

namespace Ulm.Server.Completion;

/// <summary>Completion for zsh, with descriptions.</summary>
internal static class ZshCompletion
{
    public static string Write(CompletedCommand program)
    {
        var script = new StringBuilder("#compdef ulm-server\n# Completion of ulm-server for zsh. Keep it as _ulm-server in a folder of $fpath, or load it: . <(ulm-server completion zsh)\n");
        script.Append("""

            _ulm_server_names() {
              local list
              for list in "$@"; do ulm-server $list --names 2>/dev/null; done
            }

            """);
        foreach (var command in program.WithAllBelow()) Function(script, command);
        script.Append("""

            if [[ $funcstack[1] == _ulm-server ]]; then _ulm_server "$@"; else compdef _ulm_server ulm-server; fi

            """);
        return script.ToString();
    }

    private static void Function(StringBuilder script, CompletedCommand command)
    {
        script.Append($"\n_{command.FunctionName}() {{\n");
        var specs = command.Options.SelectMany(Specs).ToList();
        if (command.Commands.Length > 0)
        {
            script.Append("  local context state state_descr line\n  typeset -A opt_args\n  local -a commands=(\n");
            foreach (var below in command.Commands) script.Append($"    {Quoted($"{below.Name}:{below.Description}")}\n");
            script.Append("  )\n");
            Arguments(script, "-C ", [.. specs, "'1: :->command'", "'*:: :->arguments'"]);
            script.Append("  case $state in\n    command) _describe command commands ;;\n    arguments)\n      case $words[1] in\n");
            foreach (var below in command.Commands) script.Append($"        {below.Name}) _{below.FunctionName} ;;\n");
            script.Append("      esac ;;\n  esac\n");
        }
        else
        {
            if (command.Argument.Kind != CompletedKind.Nothing) specs.Add(Quoted($"*{Action(command.Argument)}"));
            Arguments(script, "", specs);
        }

        script.Append("}\n");
    }

    private static void Arguments(StringBuilder script, string flags, IReadOnlyCollection<string> specs)
    {
        script.Append($"  _arguments {flags}");
        script.Append(specs.Count == 0 ? "':'" : string.Concat(specs.Select(s => $"\\\n    {s} "))).Append('\n');
    }

    private static IEnumerable<string> Specs(CompletedOption option) =>
        option.Names.Select(n => Quoted($"{n}[{option.Description.Replace("[", "(").Replace("]", ")")}]{(option.Value.Kind == CompletedKind.Nothing ? "" : Action(option.Value))}"));

    /// <summary><c>:NAME:what to offer</c></summary>
    private static string Action(CompletedValue value) => value.Kind switch
    {
        CompletedKind.Word => $":{value.Name}:({string.Join(' ', value.Words)})",
        CompletedKind.SiteName => $":{value.Name}:{{compadd -- $(_ulm_server_names {string.Join(' ', value.Words)})}}",
        CompletedKind.File => $":{value.Name}:_files",
        _ => $":{value.Name}: ",
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''")}'";
}
