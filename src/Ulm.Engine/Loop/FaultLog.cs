using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>Tells a fault once when it begins and once when it is over, however many polls it lasts.</summary>
internal sealed class FaultLog
{
    private readonly Dictionary<string, (ObservedFault Fault, DateTimeOffset Since)> _present = new(StringComparer.Ordinal);

    public IEnumerable<ObservedFault> Present => _present.Values.Select(p => p.Fault).OrderBy(f => f.Source, StringComparer.Ordinal);

    public IEnumerable<JournalEntry> Changes(IReadOnlyCollection<ObservedFault> now, DateTimeOffset at)
    {
        var entries = new List<JournalEntry>();
        foreach (var fault in now)
        {
            if (_present.TryAdd(fault.Source, (fault, at))) entries.Add(new JournalEntry(at, JournalKind.Fault, $"{fault.Source}: {fault.Text}") { Subject = fault.Source });
        }

        var sources = now.Select(f => f.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var (source, (past, since)) in _present.Where(p => !sources.Contains(p.Key)).ToList())
        {
            _present.Remove(source);
            entries.Add(new JournalEntry(at, JournalKind.Fault, $"{source}: {past.Over}{(at == since ? "" : $" after {Show.Duration(at - since)}")}") { Subject = source });
        }

        return entries;
    }
}
