namespace Ulm.Engine.Actions;

/// <summary>Who may migrate now: at most so many per host and in all, in the order they asked. Used from the engine's one thread only.</summary>
internal sealed class MigrationSlots(int perHost, int inTotal)
{
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly LinkedList<(string From, string To, TaskCompletionSource Turn)> _waiting = new();
    private int _total;
    private int _perHost = perHost;
    private int _inTotal = inTotal;

    /// <summary>From here on. Lower figures stop nothing that runs: they let in less until so much has ended.</summary>
    public void Limit(int perHost, int inTotal)
    {
        (_perHost, _inTotal) = (perHost, inTotal);
        Admit();
    }

    public async Task<IDisposable> TakeAsync(string from, string to, CancellationToken ct)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var place = _waiting.AddLast((from, to, turn));
        Admit();
        await using var _ = ct.Register(() =>
        {
            if (turn.TrySetCanceled(ct) && place.List is not null) _waiting.Remove(place);
        });
        await turn.Task;
        return new Slot(this, from, to);
    }

    /// <summary>For a migration that runs already: it counts, however many there are.</summary>
    public IDisposable Occupy(string from, string to)
    {
        Count(from, to, 1);
        return new Slot(this, from, to);
    }

    private void Admit()
    {
        for (var place = _waiting.First; place is not null && _total < _inTotal;)
        {
            var next = place.Next;
            var (from, to, turn) = place.Value;
            if (_running.GetValueOrDefault(from) < _perHost && _running.GetValueOrDefault(to) < _perHost)
            {
                _waiting.Remove(place);
                Count(from, to, 1);
                if (!turn.TrySetResult()) Count(from, to, -1);
            }

            place = next;
        }
    }

    private void Count(string from, string to, int by)
    {
        _running[from] = _running.GetValueOrDefault(from) + by;
        _running[to] = _running.GetValueOrDefault(to) + by;
        _total += by;
    }

    private sealed class Slot(MigrationSlots slots, string from, string to) : IDisposable
    {
        public void Dispose()
        {
            slots.Count(from, to, -1);
            slots.Admit();
        }
    }
}
