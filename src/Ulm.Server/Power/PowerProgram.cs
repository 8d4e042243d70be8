using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Ulm.Engine;
using Ulm.Engine.Actions;

namespace Ulm.Server.Power;

/// <summary>Runs the programs that switch hosts: no shell, a time limit, and nothing secret among the arguments.</summary>
internal static class PowerProgram
{
    private const int LongestAnswer = 300;

    /// <param name="package">Debian's, for the message where it is not installed; null: it is the administrator's own.</param>
    /// <param name="input">Standard input; it may hold a secret.</param>
    /// <exception cref="ActionFailedException">It can't be run, or took too long and was killed.</exception>
    public static async Task<ProgramEnd> RunAsync(
        string program, IEnumerable<string> arguments, string? package, string input, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            var result = await Cli.Wrap(program).WithArguments(arguments).WithStandardInputPipe(PipeSource.FromString(input)).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(either.Token);
            return new ProgramEnd(result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ActionFailedException($"{Path.GetFileName(program)} was ended after {Show.Duration(limit)}");
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new ActionFailedException($"{program} can't be run{(package is null ? "" : $" (Debian package {package})")}: {e.Message}", e)
            {
                // Once it runs, its pipes may break with the order sent.
                NothingSent = e is Win32Exception,
            };
        }
    }

    /// <summary>Why a program can't be run here, or nothing.</summary>
    public static IEnumerable<string> Faults(string program, string? package)
    {
        var path = Find(program);
        if (path is null) yield return package is null ? $"{program} is not there" : $"{program} is not installed; run: apt-get install {package}";
        else if ((File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0) yield return $"{path} may not be executed; run: chmod +x {path}";
    }

    private static string? Find(string program)
    {
        if (program.StartsWith('/')) return File.Exists(program) ? program : null;
        // A service's search path may lack /usr/sbin, where Debian keeps some of them.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Of what a program said its last line that is not empty, cut to what a journal line can take.</summary>
    internal static string LastLine(string said)
    {
        var line = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return line.Length > LongestAnswer ? line[..LongestAnswer] + "..." : line;
    }
}

internal sealed record ProgramEnd(int Code, string Output, string Error)
{
    /// <summary>Why it failed, in its own words if it had any.</summary>
    public string Said => PowerProgram.LastLine(Error) is { Length: > 0 } error ? error : PowerProgram.LastLine(Output) is { Length: > 0 } output ? output : $"exit code {Code}";

    /// <summary>The same without a secret that it was given and may have repeated.</summary>
    public string SaidWithout(string? secret) => (this with { Output = Secret.Redact(Output, secret), Error = Secret.Redact(Error, secret) }).Said;
}
