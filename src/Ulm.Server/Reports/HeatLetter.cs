namespace Ulm.Server.Reports;

/// <summary>
/// One cell of the heat map as one letter, so that 800 hosts over a day stay a small page: <c>A</c> to <c>Z</c> and <c>a</c> to <c>y</c> are
/// CPU from 0 % to 100 % in steps of 2.
/// </summary>
internal static class HeatLetter
{
    public const char Off = '-';

    /// <summary>Powering on or off.</summary>
    public const char Between = '+';

    /// <summary>Crashed: it does not answer.</summary>
    public const char Silent = '!';

    private const string Scale = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy";

    /// <param name="cpu">0 to 1.</param>
    public static char Of(double cpu) => Scale[(int)Math.Round(Math.Clamp(cpu, 0, 1) * (Scale.Length - 1))];
}
