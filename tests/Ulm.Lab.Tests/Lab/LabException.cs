namespace Ulm.Lab.Tests.Lab;

/// <summary>The lab, or a tool that was asked about it, answered with a failure; the message holds its own words.</summary>
public sealed class LabException(string command, int exitCode, string error)
    : Exception($"`{command}` failed with exit code {exitCode}: {error.Trim()}")
{
    public int ExitCode => exitCode;
}
