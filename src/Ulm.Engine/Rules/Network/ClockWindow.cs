using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>A time window that some rule asks for, open or not as of the last instant it was held against.</summary>
internal sealed class ClockWindow(TimeWindow window)
{
    public TimeWindow Window => window;

    public bool IsOpen { get; private set; }

    /// <summary>Those whose verdicts turn with it.</summary>
    public List<Reader> Readers { get; } = [];

    /// <returns>True: it opened or closed.</returns>
    public bool MoveTo(DateTime local)
    {
        var before = IsOpen;
        IsOpen = window.Contains(local);
        return IsOpen != before;
    }

    /// <summary>Windows with different words for the same times are one.</summary>
    public bool IsSame(TimeWindow other) => window.From == other.From && window.To == other.To && window.Days == other.Days;
}
