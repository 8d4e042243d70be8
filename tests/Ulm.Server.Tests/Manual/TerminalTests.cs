using System.Diagnostics;
using System.Text.RegularExpressions;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Manual;

/// <summary>Long work as a person sees it: the program itself on a terminal (util-linux's <c>script</c> gives it one), and in a pipe.</summary>
public sealed partial class TerminalTests
{
    /// <summary>Whoever draws over lines hides the cursor meanwhile, however few times it comes to draw.</summary>
    private const string HiddenCursor = "\u001b[?25l";

    [Fact]
    public async Task Progress_is_drawn_on_a_terminal_in_colour()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        var (exit, output) = await OnTerminalAsync($"drain host03 --socket {server.Socket}");

        Assert.Equal(ExitCode.Clean, exit);
        Assert.Contains("migrate vm ", output);
        Assert.Contains("100%", output);
        Assert.Contains(HiddenCursor, output);
        Assert.Matches(Colour(), output);
        Assert.Contains("host host03 is empty, and closed until `release host03`", output);
    }

    [Fact]
    public async Task Without_colour_where_it_is_not_wanted()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        var (exit, output) = await OnTerminalAsync($"maintenance host04 --socket {server.Socket}", ("NO_COLOR", "1"));

        Assert.Equal(ExitCode.Clean, exit);
        Assert.Contains("100%", output);
        Assert.Contains(HiddenCursor, output);
        Assert.DoesNotMatch(Colour(), output);
    }

    [Fact]
    public async Task In_a_pipe_each_change_is_a_plain_line()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        var (exit, output) = await RunAsync("dotnet", [Program, "drain", "host05", "--socket", server.Socket]);

        Assert.Equal(ExitCode.Clean, exit);
        Assert.DoesNotContain('\u001b', output);
        Assert.Matches("(?m)^done      migrate vm \\w+ from host05 to host\\d\\d", output);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "ulm-server.dll");

    private static Task<(int Exit, string Output)> OnTerminalAsync(string command, params (string Name, string Value)[] environment) =>
        RunAsync("script", ["-qec", $"stty cols 160 rows 50; dotnet {Program} {command}", "/dev/null"], [("TERM", "xterm-256color"), .. environment]);

    private static async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Any of the foreground or background colours of ECMA-48.</summary>
    [GeneratedRegex(@"\u001b\[(\d+;)*([349][0-7]|10[0-7]|[34]8;5;\d+)(;\d+)*m")]
    private static partial Regex Colour();
}
