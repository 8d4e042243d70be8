using CliWrap;
using CliWrap.Buffered;

namespace Ulm.Lab.Tests.Server;

/// <summary>What one whole command answered.</summary>
public sealed record UlmAnswer(int ExitCode, string Output, string Error)
{
    public string ErrorLine => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary><c>ulm-server</c> as a process of its own, as a shell would start it.</summary>
public static class UlmCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The program, as it was built with these tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ulm-server");

    /// <summary>Runs a command that ends by itself. Whatever it was asked, it must not answer with a stack trace.</summary>
    public static async Task<UlmAnswer> RunAsync(params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var result = await Cli.Wrap(Program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(limit.Token);
        AssertNoStackTrace(result.StandardError);
        return new UlmAnswer(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    public static void AssertNoStackTrace(string error)
    {
        Assert.DoesNotContain("   at ", error);
        Assert.DoesNotContain("Exception", error);
    }
}
