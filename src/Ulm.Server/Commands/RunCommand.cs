using System.CommandLine;

namespace Ulm.Server.Commands;

public static class RunCommand
{
    public static Command Create(Terminal terminal) => new("run");
}
