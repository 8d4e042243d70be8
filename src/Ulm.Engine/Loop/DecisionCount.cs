namespace Ulm.Engine.Loop;

/// <summary>Decisions are named by instants, a tenth of a second apart: those of one such instant are told apart by how many came before.</summary>
internal sealed class DecisionCount
{
    private (long Tenth, int Count) _made;
    private (long Tenth, int Count) _givenBefore;

    /// <summary>An earlier run has given names up to this instant, which is still to come as the clock was set back: those until then count on from a number that it did not reach.</summary>
    /// <param name="sequence">Of the newest entry of the journal: each decision has one.</param>
    public void GivenUntil(DateTimeOffset newest, long sequence) => _givenBefore = (Math.Max(_givenBefore.Tenth, TenthOf(newest)), (int)(sequence % int.MaxValue));

    /// <summary>How many decisions have been made within this tenth of a second.</summary>
    public int At(DateTimeOffset at)
    {
        var tenth = TenthOf(at);
        if (_made.Tenth != tenth) _made = (tenth, tenth <= _givenBefore.Tenth ? _givenBefore.Count : 0);
        return _made.Count;
    }

    /// <param name="count">So many more, at the instant that was asked for last.</param>
    public void Add(int count) => _made.Count += count;

    private static long TenthOf(DateTimeOffset at) => at.UtcTicks / (TimeSpan.TicksPerSecond / 10);
}
