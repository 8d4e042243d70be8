using System.CommandLine;

namespace Ulm.Server.Commands;

public static class JournalCommand
{
    public static Command Create(Terminal terminal) => new("journal");
}
