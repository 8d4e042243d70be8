namespace Ulm.Server.Commands;

/// <summary>Where a command writes: results to <paramref name="Out"/>, everything else to <paramref name="Error"/>. Tests hand in their own.</summary>
/// <param name="Colour">ANSI colours: only on a terminal, and never with NO_COLOR.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool Colour)
{
    /// <summary>Results go to a terminal, where lines may be drawn over.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The same for <see cref="Error"/>, which may be a terminal where the results go into a file, and the other way round.</summary>
    public bool ErrorColour { get; init; }

    /// <summary>The standard input; opened only by a command that was told to read it.</summary>
    public Func<Stream> In { get; init; } = () => Stream.Null;

    /// <summary>The standard output as bytes, for protocols; opened only by a command that speaks one.</summary>
    public Func<Stream> RawOut { get; init; } = () => Stream.Null;

    public static Terminal OfProcess()
    {
        var wanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, wanted && !Console.IsOutputRedirected)
        {
            IsTerminal = !Console.IsOutputRedirected,
            ErrorColour = wanted && !Console.IsErrorRedirected,
            In = Console.OpenStandardInput,
            RawOut = Console.OpenStandardOutput,
        };
    }
}
