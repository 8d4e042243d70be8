namespace Ulm.Server.Commands;

/// <summary>Where a command writes: results to <paramref name="Out"/>, everything else to <paramref name="Error"/>. Tests hand in their own.</summary>
/// <param name="Colour">ANSI colours: only on a terminal, and never with NO_COLOR set.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool Colour)
{
    public static Terminal OfProcess() => new(
        Console.Out, Console.Error, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
}
