using Spectre.Console;

namespace Ulm.Server.Commands;

/// <summary>Spectre's tables on our own terminal: plain text where it is no terminal.</summary>
internal static class SpectreConsole
{
    private const int PlainWidth = 120;

    public static IAnsiConsole On(Terminal terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Out),
            Ansi = terminal.Colour ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!terminal.Colour) console.Profile.Width = PlainWidth;
        return console;
    }

    /// <summary>For what is drawn over as it goes on; only on a terminal.</summary>
    public static IAnsiConsole Live(Terminal terminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(terminal.Out),
        Ansi = AnsiSupport.Yes,
        ColorSystem = terminal.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
    });

    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns) table.AddColumn(new TableColumn(column).PadRight(2));
        return table;
    }
}
