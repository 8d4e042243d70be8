using System.CommandLine;

namespace Ulm.Server.Commands;

public static class StatusCommand
{
    public static Command Create(Terminal terminal) => new("status");
}
