using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Ulm.Engine;
using Ulm.Engine.Actions;

namespace Ulm.Server.Outside;

/// <summary>A program from the configuration, run without a shell, with JSON on its standard input and a time limit.</summary>
internal static class OutsideCommand
{
    private const int LongestAnswer = 300;

    /// <exception cref="ActionFailedException">It can't be run, ended with another code than 0, or took too long and was killed.</exception>
    public static async Task RunAsync(string name, IReadOnlyList<string> command, TimeSpan limit, string json, TimeProvider time, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            var result = await Cli.Wrap(command[0]).WithArguments(command.Skip(1)).WithStandardInputPipe(PipeSource.FromString(json)).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(either.Token);
            if (result.ExitCode != 0) throw new ActionFailedException($"{name} ended with code {result.ExitCode}{Said(result.StandardError)}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ActionFailedException($"{name} was ended after {Show.Duration(limit)}");
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new ActionFailedException($"{name} can't be run: {e.Message}", e);
        }
    }

    private static string Said(string error)
    {
        var line = error.Split('\n', 2)[0].Trim();
        return line.Length == 0 ? "" : $": {(line.Length > LongestAnswer ? line[..LongestAnswer] + "..." : line)}";
    }
}
