namespace Ulm.Engine.Loop;

/// <summary>Decisions are named by instants, a tenth of a second apart: those of one such instant are told apart by how many came before.</summary>
internal sealed class DecisionCount
{
    private (long Tenth, int Count) _made;

    /// <summary>How many decisions have been made within this tenth of a second.</summary>
    public int At(DateTimeOffset at)
    {
        var tenth = at.UtcTicks / (TimeSpan.TicksPerSecond / 10);
        if (_made.Tenth != tenth) _made = (tenth, 0);
        return _made.Count;
    }

    /// <param name="count">So many more, at the instant that was asked for last.</param>
    public void Add(int count) => _made.Count += count;
}
