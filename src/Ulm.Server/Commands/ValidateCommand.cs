using System.CommandLine;

namespace Ulm.Server.Commands;

public static class ValidateCommand
{
    public static Command Create(Terminal terminal) => new("validate");
}
