using CliWrap;
using CliWrap.Buffered;

namespace Ulm.Server.Tests.Commands;

/// <summary>Asks real shells what they would offer, with the scripts loaded.</summary>
public sealed class CompletionCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("ulm-server va", "validate")]
    [InlineData("ulm-server s", "schedule simulate site status")]
    [InlineData("ulm-server validate --f", "--format")]
    [InlineData("ulm-server validate --format ", "text json sarif")]
    [InlineData("ulm-server test --format ", "text json junit")]
    [InlineData("ulm-server test --format=j", "json junit")]
    [InlineData("ulm-server --format", "")]
    [InlineData("ulm-server validate pol", "policies")]
    [InlineData("ulm-server validate a.ulm pol", "policies")]
    [InlineData("ulm-server simulate --site th", "three hosts.site.json")]
    [InlineData("ulm-server simulate --for ", "")]
    [InlineData("ulm-server explain ULM1103", "ULM1103")]
    [InlineData("ulm-server completion ", "bash fish zsh")]
    [InlineData("ulm-server completion z", "zsh")]
    [InlineData("ulm-server drain h", "h1 h2")]
    [InlineData("ulm-server power off h", "h1 h2")]
    [InlineData("ulm-server migrate w", "web1")]
    [InlineData("ulm-server migrate web1 h", "h1 h2")]
    [InlineData("ulm-server vms --on ", "h1 h2")]
    [InlineData("ulm-server power o", "on off")]
    public async Task Bash_offers_what_can_stand_there(string line, string expected) => Assert.Equal(Sorted(expected), Sorted(await BashAsync(line)));

    [Theory]
    [InlineData("ulm-server va", "validate")]
    [InlineData("ulm-server validate --format ", "text json sarif")]
    [InlineData("ulm-server test --format j", "json junit")]
    [InlineData("ulm-server validate pol", "policies/")]
    [InlineData("ulm-server simulate --site th", "three hosts.site.json")]
    [InlineData("ulm-server completion z", "zsh")]
    [InlineData("ulm-server explain ULM1103", "ULM1103")]
    [InlineData("ulm-server drain h", "h1 h2")]
    [InlineData("ulm-server hold ", "h1 h2 web1")]
    public async Task Fish_offers_what_can_stand_there(string line, string expected)
    {
        Assert.Equal(Sorted(expected), Sorted(await FishAsync(line)));
    }

    [Fact]
    public async Task Fish_shows_what_each_is_for()
    {
        var script = await ScriptAsync("fish");
        var all = await ShellAsync("fish", "--no-config", "-c", $"source {script}; complete -C 'ulm-server validate --deny'");
        Assert.Contains("Exit with 3 on warnings too", all);
    }

    [Theory]
    [InlineData("ulm-server va", "validate ")]
    [InlineData("ulm-server validate --format sa", "sarif ")]
    [InlineData("ulm-server test --format ju", "junit ")]
    [InlineData("ulm-server validate pol", "policies/")]
    [InlineData("ulm-server simulate --site th", "three\\ hosts.site.json ")]
    [InlineData("ulm-server completion z", "zsh ")]
    [InlineData("ulm-server explain ULM1103", "ULM1103 ")]
    [InlineData("ulm-server migrate we", "web1 ")]
    public async Task Zsh_completes_what_is_typed(string line, string lastWord)
    {
        var completed = await ZshAsync(line);
        Assert.EndsWith(" " + lastWord, completed);
    }

    [Fact]
    public async Task Every_command_and_option_is_in_every_script()
    {
        foreach (var shell in (string[])["bash", "zsh", "fish"])
        {
            var script = (await _cli.RunAsync("completion", shell)).Out;
            Assert.All((string[])["run", "validate", "fmt", "test", "simulate", "plan", "schedule", "explain", "status", "journal", "hosts", "vms", "drain", "release", "maintenance", "migrate", "power", "hold", "approve", "reject", "version", "completion"], c => Assert.Contains(c, script));
            Assert.Contains(shell == "fish" ? "-l coverage-required" : "--coverage-required", script);
        }
    }

    [Fact]
    public async Task Another_shell_is_refused() =>
        Assert.Equal((1, "ulm-server: `tcsh` is none of bash, zsh and fish\n"), await Refused());

    private async Task<(int, string)> Refused()
    {
        var result = await _cli.RunAsync("completion", "tcsh");
        return (result.Exit, result.Error);
    }

    private async Task<string> BashAsync(string line)
    {
        var script = await ScriptAsync("bash");
        // As readline does: words parted at blanks and equals signs, the cursor behind the last.
        return await ShellAsync("bash", "--norc", "-c",
            $$"""
            ulm-server() { [[ $1 == hosts ]] && echo h1 && echo h2 || echo web1; }
            . {{script}}
            line='{{line}}'
            read -r -a COMP_WORDS <<< "${line//=/ = }"
            [[ $line == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ulm_server
            printf '%s\n' "${COMPREPLY[@]}"
            """);
    }

    private async Task<string> FishAsync(string line)
    {
        var script = await ScriptAsync("fish");
        return await ShellAsync("fish", "--no-config", "-c", $"function ulm-server; test $argv[1] = hosts; and printf 'h1\\nh2\\n'; or echo web1; end; source {script}; complete -C '{line}' | string replace -r '\\t.*' ''");
    }

    /// <summary>The line after a press of the tab key, in a terminal of zsh's own.</summary>
    private async Task<string> ZshAsync(string line)
    {
        var script = await ScriptAsync("zsh");
        var driver = _cli.Write("driver.zsh",
            $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            ask() { zpty -w shell "$1" }
            ask 'PS1=; PS2=; stty -echo; autoload -Uz compinit; compinit -u -D; unsetopt beep list_beep; setopt no_auto_menu'
            ask 'ulm-server() { [[ $1 == hosts ]] && echo h1 && echo h2 || echo web1 }'
            ask '. {{script}}'
            ask 'show() { print -r -- "<""<<$BUFFER>"">>"; BUFFER=; zle accept-line }; zle -N show; bindkey "^X" show; print read''y'
            wait_for() { local text line; while zpty -r shell line; do text+=$line; [[ $text == *$1* ]] && { REPLY=$text; return }; done }
            wait_for ready
            zpty -n -w shell $'{{line}}\t'
            zpty -n -w shell $'\x18'
            wait_for '>>>'
            print -r -- "${${REPLY##*<<<}%%>>>*}"
            zpty -d shell
            """);
        return (await ShellAsync("zsh", "-f", driver)).TrimEnd('\n');
    }

    private async Task<string> ScriptAsync(string shell)
    {
        _cli.Write("policies/a.ulm", "");
        _cli.Write("three hosts.site.json", "");
        var result = await _cli.RunAsync("completion", shell);
        Assert.Equal(0, result.Exit);
        return _cli.Write($"script.{shell}", result.Out);
    }

    private async Task<string> ShellAsync(string shell, params string[] arguments)
    {
        if (!File.Exists($"/usr/bin/{shell}")) Assert.Fail($"/usr/bin/{shell} is missing: this test runs the real one (apt-get install {shell})");
        var result = await CliWrap.Cli.Wrap($"/usr/bin/{shell}").WithArguments(arguments).WithWorkingDirectory(Path.GetDirectoryName(_cli.In("x"))!)
            .WithEnvironmentVariables(e => e.Set("HOME", _cli.In("")).Set("TERM", "dumb")).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(result.StandardError.Length == 0, result.StandardError);
        return result.StandardOutput;
    }

    private static string[] Sorted(string lines) => [.. lines.Split(lines.Contains('\n') ? '\n' : lines.StartsWith("three", StringComparison.Ordinal) ? '\n' : ' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
