using System.Collections.Immutable;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>Tells a fault once when it begins and once when it is over, however many polls it lasts; what the journal did not take, again.</summary>
internal sealed class FaultLog
{
    private ImmutableDictionary<string, (ObservedFault Fault, DateTimeOffset Since)> _present = ImmutableDictionary.Create<string, (ObservedFault, DateTimeOffset)>(StringComparer.Ordinal);
    private ImmutableDictionary<string, (ObservedFault Fault, DateTimeOffset Since)> _told = ImmutableDictionary.Create<string, (ObservedFault, DateTimeOffset)>(StringComparer.Ordinal);

    public IEnumerable<ObservedFault> Present => _present.Values.Select(p => p.Fault).OrderBy(f => f.Source, StringComparer.Ordinal);

    public IEnumerable<JournalEntry> Changes(IReadOnlyCollection<ObservedFault> now, DateTimeOffset at)
    {
        _present = now.DistinctBy(f => f.Source).ToImmutableDictionary(f => f.Source, f => _present.GetValueOrDefault(f.Source, (f, at)), StringComparer.Ordinal);
        return
        [
            .. now.DistinctBy(f => f.Source).Where(f => !_told.ContainsKey(f.Source)).Select(f => new JournalEntry(at, JournalKind.Fault, $"{f.Source}: {f.Text}") { Subject = f.Source }),
            .. from past in _told
               where !_present.ContainsKey(past.Key)
               let lasted = at == past.Value.Since ? "" : $" after {Show.Duration(at - past.Value.Since)}"
               select new JournalEntry(at, JournalKind.Fault, $"{past.Key}: {past.Value.Fault.Over}{lasted}") { Subject = past.Key },
        ];
    }

    /// <summary>The journal has the last <see cref="Changes"/>.</summary>
    public void Told() => _told = _present;
}
