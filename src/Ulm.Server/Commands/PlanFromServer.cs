namespace Ulm.Server.Commands;

/// <summary><c>plan</c> without files: what the running server would do now.</summary>
internal static class PlanFromServer
{
    public static Task<int> RunAsync(Terminal terminal, string socket, OutputFormat format, CancellationToken ct) => throw new CommandFailedException(
        $"no server can be asked over {socket} yet; give `--policies PATH --site SITE` to plan on files");
}
