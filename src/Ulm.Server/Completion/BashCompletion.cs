using System.Text;

namespace Ulm.Server.Completion;

/// <summary>Completion for bash 4 and later.</summary>
internal static class BashCompletion
{
    public static string Write(CompletedCommand program)
    {
        var all = program.WithAllBelow().ToList();
        var script = new StringBuilder();
        script.Append("""
            # Completion of ulm-server for bash. Keep it as /etc/bash_completion.d/ulm-server, or load it: . <(ulm-server completion bash)
            _ulm_server_files() {
              compopt -o filenames 2>/dev/null
              mapfile -t COMPREPLY < <(compgen -f -- "$1")
            }

            _ulm_server_names() {
              local list
              for list in "$@"; do ulm-server "$list" --names 2>/dev/null; done
            }

            _ulm_server() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' words='' i
              # bash parts --format=json at the equals sign.
              if [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
              if [[ $cur == '=' ]]; then cur=''; fi
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "$path ${COMP_WORDS[i]}" in

            """);
        foreach (var command in all.Where(c => !c.Path.IsEmpty)) script.Append($"      '{Path(command)}') path='{Path(command)}' ;;\n");
        script.Append("""
                esac
              done
              case "$path $prev" in

            """);
        foreach (var command in all)
        {
            foreach (var option in command.Options.Where(o => o.Value.Kind != CompletedKind.Nothing))
                script.Append($"    {string.Join("|", option.Names.Select(n => $"'{Path(command)} {n}'"))}) {Offer(option.Value)}; return ;;\n");
        }

        script.Append("  esac\n  case \"$path\" in\n");
        foreach (var command in all)
        {
            var options = string.Join(' ', command.Options.SelectMany(o => o.Names));
            script.Append($"    '{Path(command)}')\n");
            script.Append($"      if [[ $cur == -* ]]; then words='{options}'\n");
            if (command.Commands.Length > 0) script.Append($"      else words='{string.Join(' ', command.Commands.Select(c => c.Name))}'\n");
            else if (command.Argument.Kind == CompletedKind.Word) script.Append($"      else words='{string.Join(' ', command.Argument.Words)}'\n");
            else if (command.Argument.Kind == CompletedKind.SiteName) script.Append($"      else words=$(_ulm_server_names {string.Join(' ', command.Argument.Words)})\n");
            else if (command.Argument.Kind == CompletedKind.File) script.Append("      else _ulm_server_files \"$cur\"; return\n");
            script.Append("      fi ;;\n");
        }

        script.Append("""
              esac
              mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
            }
            complete -F _ulm_server ulm-server

            """);
        return script.ToString();
    }

    private static string Offer(CompletedValue value) => value.Kind switch
    {
        CompletedKind.Word => $"mapfile -t COMPREPLY < <(compgen -W '{string.Join(' ', value.Words)}' -- \"$cur\")",
        CompletedKind.SiteName => $"mapfile -t COMPREPLY < <(compgen -W \"$(_ulm_server_names {string.Join(' ', value.Words)})\" -- \"$cur\")",
        CompletedKind.File => "_ulm_server_files \"$cur\"",
        _ => "COMPREPLY=()",
    };

    private static string Path(CompletedCommand command) => string.Concat(command.Path.Select(p => $" {p}"));
}
