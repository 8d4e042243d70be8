namespace Ulm.Engine.Rules.Network;

/// <summary>Working memory at one instant, for those who judge part by part.</summary>
internal readonly record struct FactsAt(WorkingMemory Memory, DateTimeOffset At, DateTime Local)
{
    /// <param name="from">Only what was captured from then on counts.</param>
    public MemoryFacts Counting(DateTimeOffset from) => new(Memory, At, Local, from);
}
