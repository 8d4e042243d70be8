using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Loop;

/// <summary>Tells people on the default channel of hosts that need one of them. Used from the engine's thread only.</summary>
/// <param name="running">Ends with the server.</param>
internal sealed class PeopleTold(INotifier notifier, TimeProvider time, Func<CancellationToken> running)
{
    private readonly List<JournalEntry> _untold = [];

    /// <summary>What nobody could be told: for the journal, with the next look.</summary>
    public IReadOnlyList<JournalEntry> Untold => _untold;

    /// <summary>The journal has the first so many of <see cref="Untold"/>.</summary>
    public void Told(int count) => _untold.RemoveRange(0, count);

    /// <param name="what">What has become of the host, in a clause: <c>has failed to wake</c>.</param>
    /// <param name="text">All that is told.</param>
    public async void Of(string host, string what, string because, string text)
    {
        try
        {
            await notifier.NotifyAsync(text, null, new DecisionNote(time.GetUtcNow(), "", "host life", SubjectRef.Host(host), because), running());
        }
        catch (ActionFailedException e)
        {
            _untold.Add(new JournalEntry(time.GetUtcNow(), JournalKind.Fault, $"nobody could be told that host {host} {what}: {e.Message}") { Subject = $"host/{host}" });
        }
        catch (OperationCanceledException)
        {
            // The journal has it.
        }
    }
}
