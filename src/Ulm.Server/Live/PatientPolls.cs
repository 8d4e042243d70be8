namespace Ulm.Server.Live;

/// <summary>
/// Asks the same question of many sources at once and waits only for those that answered last time. One that hangs costs one round its
/// patience; from then on its question stays open beside the rounds, and its answer counts in the round in which it comes. One that comes between
/// two rounds tells of the past: it only shows that the source is well, which is then asked anew.
/// </summary>
/// <param name="keepsLate">
/// True: an answer that comes between two rounds counts in the next one, unless that brings a newer one; and its source is waited for again only once it
/// has answered within the patience: one that always takes long holds up no round.
/// </param>
/// <param name="isGood">False for an answer that only says that there is none: its source is not waited for until it gives a good one.</param>
internal sealed class PatientPolls<T>(TimeProvider time, TimeSpan patience, Func<T, bool> isGood, bool keepsLate = false)
{
    /// <summary>In the first round every connection has yet to be opened, and nobody knows who hangs.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Task<(T Answer, TimeSpan Took)>> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private bool _first = true;

    public TimeSpan Patience => patience;

    /// <param name="ask">Must end by itself sooner or later, and report failures in its answer.</param>
    /// <returns>The answers that came; sources still open are missing.</returns>
    public async Task<IReadOnlyDictionary<string, T>> RoundAsync(IEnumerable<string> sources, Func<string, Task<T>> ask, CancellationToken ct)
    {
        var answers = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (source, stale) in _open.Where(o => o.Value.IsCompleted).ToList())
        {
            _open.Remove(source);
            var (answer, took) = await stale;
            if (isGood(answer) && (!keepsLate || took <= patience)) _late.Remove(source);
            if (keepsLate) answers[source] = answer;
        }

        foreach (var source in sources)
        {
            if (!_open.ContainsKey(source)) _open.Add(source, TimedAsync(ask(source)));
        }

        var awaited = Task.WhenAll(_open.Where(o => !_late.Contains(o.Key)).Select(o => o.Value));
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            await Task.WhenAny(awaited, Task.Delay(_first && patience < FirstPatience ? FirstPatience : patience, time, stop.Token));
            stop.Cancel();
        }

        _first = false;

        ct.ThrowIfCancellationRequested();
        foreach (var (source, task) in _open.ToList())
        {
            if (!task.IsCompleted)
            {
                _late.Add(source);
                continue;
            }

            _open.Remove(source);
            var (answer, _) = await task;
            if (isGood(answer)) _late.Remove(source);
            answers[source] = answer;
        }

        return answers;
    }

    private async Task<(T Answer, TimeSpan Took)> TimedAsync(Task<T> question)
    {
        var asked = time.GetTimestamp();
        return (await question, time.GetElapsedTime(asked));
    }
}
