using System.CommandLine;

namespace Ulm.Server.Commands;

public static class SimulateCommand
{
    public static Command Create(Terminal terminal) => new("simulate");
}
