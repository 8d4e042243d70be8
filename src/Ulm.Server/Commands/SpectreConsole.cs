using Spectre.Console;

namespace Ulm.Server.Commands;

/// <summary>Spectre's tables on our own terminal: plain text where it is no terminal.</summary>
internal static class SpectreConsole
{
    /// <summary>Beyond any row: whatever reads a pipe finds a row in a line.</summary>
    private const int Unbounded = 100_000;

    public static void Write(Terminal terminal, Table table)
    {
        if (terminal.IsTerminal)
        {
            On(terminal, terminal.Out).Write(table);
            return;
        }

        var text = new StringWriter();
        var console = On(terminal, text);
        console.Profile.Width = Unbounded;
        console.Write(table);
        using var lines = new StringReader(text.ToString());
        while (lines.ReadLine() is { } line) terminal.Out.WriteLine(line.TrimEnd());
    }

    private static IAnsiConsole On(Terminal terminal, TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal.Colour ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });

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
