using System.CommandLine;

namespace Ulm.Server.Commands;

public static class PlanCommand
{
    public static Command Create(Terminal terminal) => new("plan");
}
