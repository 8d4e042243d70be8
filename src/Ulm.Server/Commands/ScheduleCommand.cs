using System.CommandLine;

namespace Ulm.Server.Commands;

public static class ScheduleCommand
{
    public static Command Create(Terminal terminal) => new("schedule");
}
