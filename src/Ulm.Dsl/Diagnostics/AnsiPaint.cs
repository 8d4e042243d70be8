namespace Ulm.Dsl.Diagnostics;

/// <summary>Colours, where they are wanted.</summary>
internal sealed class AnsiPaint(bool on)
{
    public const string Bold = "1", Red = "1;31", Yellow = "1;33", Blue = "1;34";

    public string In(string colour, string text) => on && text.Length > 0 ? $"\e[{colour}m{text}\e[0m" : text;
}
