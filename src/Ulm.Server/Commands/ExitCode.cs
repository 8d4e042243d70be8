namespace Ulm.Server.Commands;

/// <summary>What the process answers to the shell; part of the contract.</summary>
public static class ExitCode
{
    public const int Clean = 0;

    /// <summary>The tool could not run: arguments, files, a server that does not answer.</summary>
    public const int CouldNotRun = 1;

    /// <summary>It ran, and the answer is no, or "would change".</summary>
    public const int No = 2;

    /// <summary>The policies have errors.</summary>
    public const int PolicyErrors = 3;
}

/// <summary>A command can't go on, for a reason its user can mend. The message is the one line that is shown.</summary>
public class CommandFailedException(string message, int exitCode = ExitCode.CouldNotRun) : Exception(message)
{
    public int ExitCode => exitCode;
}

/// <summary>No server answers at the socket.</summary>
public sealed class ServerUnreachableException(string message) : CommandFailedException(message);
