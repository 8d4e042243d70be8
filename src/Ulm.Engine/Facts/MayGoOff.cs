namespace Ulm.Engine.Facts;

/// <summary>That a host was told to power off, and nobody saw it go: it is closed until it has, or surely would have.</summary>
/// <param name="At">When it had not gone.</param>
/// <param name="Because">What is known of it.</param>
/// <param name="OpenAt">From then on it is taken for one that stays on.</param>
public sealed record MayGoOff(string Host, DateTimeOffset At, string Because, DateTimeOffset OpenAt)
{
    public override string ToString() => $"may still go off (at {Show.Time(At)}: {Because}), and is closed until {Show.Time(OpenAt)}";
}
