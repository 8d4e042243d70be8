using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>
/// What is written with a look, in this order: what an earlier run or a store that was full left open, what happened to hosts, what changed at
/// the site, and what the look decided. What could not be written is there again with the next look.
/// </summary>
internal sealed class LookJournal(Executor executor, PeopleTold people, JournalWriter journal, OperatorHolds holds, Recommending recommending)
{
    private readonly FaultLog _faults = new();
    private readonly HostOutages _outages = new();
    private readonly UnmendedLog _unmended = new();

    /// <summary>Steps of an earlier run whose end the journal does not have yet.</summary>
    private readonly List<JournalEntry> _unclosed = [];

    /// <summary>Times of rules that passed, of which the journal does not have yet that they did.</summary>
    private readonly List<JournalEntry> _missed = [];

    private (int Late, int Moved, int Aside) _open;

    /// <summary>Faults that last.</summary>
    public IEnumerable<ObservedFault> Faults => _faults.Present;

    /// <summary>What broke a constraint or an order at the last look, and could not be mended then.</summary>
    public ImmutableArray<Refusal> Unmended { get; private set; } = [];

    /// <inheritdoc cref="HostOutages.WereUp"/>
    public void WereUp(IEnumerable<string> hosts) => _outages.WereUp(hosts);

    public List<JournalEntry> Of(LookResult result, SiteFacts facts, Measured measured, IEnumerable<JournalEntry> missed, PolicySet policies)
    {
        var (at, told) = (facts.At, measured.BegunAt.ToOffset(facts.At.Offset));
        Unmended = [.. result.Plan.Unmended, .. result.Recommended.Unmended];
        _unclosed.AddRange(measured.Unfinished);
        _open = (executor.Unrecorded.Count, executor.Lives.Untold.Count, people.Untold.Count);
        var entries = new List<JournalEntry>();
        entries.AddRange(_unclosed.Select(u => Recovery.Close(u, facts.Site, told > u.At ? told : u.At)));
        entries.AddRange(executor.Unrecorded.Select(JournalWriter.Of));
        if (executor.HaltedBecause is { } halted)
            entries.Add(new JournalEntry(told, JournalKind.Server, $"the journal can be written again, and from the next look on this server acts again; it did not: {halted}"));
        entries.AddRange(executor.Lives.Untold.Select(JournalWriter.Of));
        entries.AddRange(people.Untold);
        _missed.AddRange(missed);
        entries.AddRange(_missed);
        entries.AddRange(_faults.Changes([.. measured.Faults, .. _outages.Take(facts, measured.Restarted, told)], told));
        entries.AddRange(_outages.Untold);
        entries.AddRange(TickEntries.Of(result, _unmended.New(Unmended), policies, at));
        return entries;
    }

    /// <summary>Writes them, with all that must be kept before anything is done.</summary>
    /// <returns>False: it can't be written, and nothing is done until it can.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<JournalEntry> entries, DateTimeOffset at, CancellationToken ct)
    {
        try
        {
            if (executor.HaltedBecause is not null) await executor.Orders.SaveAsync(ct);
            await holds.ForgetOverAsync(at, ct);
            await executor.Lives.SaveAsync(ct);
            await journal.WriteAsync(entries, ct);
            await recommending.SaveAsync(ct);
        }
        catch (Exception e) when (e is StoreUnavailableException or RecorderUnavailableException)
        {
            executor.Halt(LoopMemory.WhyHalted(e));
            recommending.NotTold();
            return false;
        }

        _unclosed.Clear();
        _missed.Clear();
        _faults.Told();
        _outages.Told();
        recommending.Told();
        if (_open.Late > 0 || executor.HaltedBecause is not null) executor.Resume(_open.Late);
        executor.Lives.Told(_open.Moved);
        people.Told(_open.Aside);
        return true;
    }
}
